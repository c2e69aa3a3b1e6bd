import ky from "ky";
import type { Open } from "../client.ts";

export const open: Open = ({ base, timeout, wait }) => {
  const client = ky.create({
    retry: {
      limit: 2,
      ...(wait !== undefined && { delay: () => wait }),
      ...(timeout !== undefined && { retryOnTimeout: true }),
    },
    ...(timeout !== undefined && { timeout }),
  });
  return ({ method, path, json, signal }) =>
    client(base + path, { method, ...(json && { json }), ...(signal && { signal }) }).json();
};

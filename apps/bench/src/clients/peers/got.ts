import got from "got";
import type { Open } from "../client.ts";

export const open: Open = ({ base, timeout, wait }) => {
  const client = got.extend({
    retry: {
      limit: 2,
      ...(wait !== undefined && { calculateDelay: ({ computedValue }) => computedValue && wait }),
    },
    ...(timeout !== undefined && { timeout: { request: timeout } }),
  });
  return ({ method, path, json, signal }) =>
    client(base + path, { method, ...(json && { json }), ...(signal && { signal }) }).json();
};

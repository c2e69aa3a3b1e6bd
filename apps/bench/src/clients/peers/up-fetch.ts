import { up } from "up-fetch";
import type { Open } from "../client.ts";

export const open: Open = ({ base, timeout, wait = 1000 }) => {
  const client = up(fetch, () => ({
    baseUrl: base,
    retry: { attempts: 2, delay: wait, when: ({ error, response }) => Boolean(error) || !response?.ok },
    ...(timeout !== undefined && { timeout }),
  }));
  return ({ method, path, json, signal }) =>
    client(path, { method, ...(json && { body: json }), ...(signal && { signal }) });
};

import { ofetch } from "ofetch";
import type { Open } from "../client.ts";

export const open: Open = ({ base, timeout, wait = 500 }) => {
  const client = ofetch.create({ retry: 2, retryDelay: wait, ...(timeout !== undefined && { timeout }) });
  return ({ method, path, json, signal }) =>
    client<unknown>(base + path, { method, ...(json && { body: json }), ...(signal && { signal }) });
};

import { createClient } from "@fetchkit/ffetch";
import { initOf, jsonOf, type Open } from "../client.ts";

export const open: Open = ({ base, timeout, wait }) => {
  const client = createClient({
    retries: 2,
    ...(timeout !== undefined && { timeout }),
    ...(wait !== undefined && { retryDelay: wait }),
  });
  return async (ask) => jsonOf(await client(base + ask.path, initOf(ask)));
};

import fetchRetry from "fetch-retry";
import { initOf, jsonOf, type Open, worthARetry } from "../client.ts";

export const open: Open = ({ base, timeout, wait = 1000 }) => {
  const lent: typeof fetch =
    timeout === undefined ? fetch : (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(timeout) });
  const client = fetchRetry(lent, { retries: 2, retryDelay: wait, retryOn: [...worthARetry] });
  return async (ask) => jsonOf(await client(base + ask.path, initOf(ask)));
};

import axiosRetry, { exponentialDelay } from "axios-retry";
import type { Open } from "../client.ts";
import { callOf, instance } from "./axios.ts";

export const open: Open = (settings) => {
  const { timeout, wait } = settings;
  const client = instance(settings);
  axiosRetry(client, {
    retries: 2,
    retryDelay: wait === undefined ? exponentialDelay : () => wait,
    // Without it the timeout is one for all attempts.
    ...(timeout !== undefined && { shouldResetTimeout: true }),
  });
  return callOf(client);
};

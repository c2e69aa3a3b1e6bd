import { attach, type RetryConfig } from "retry-axios";
import type { Open } from "../client.ts";
import { callOf, instance } from "./axios.ts";

export const open: Open = (settings) => {
  const { wait } = settings;
  const client = instance(settings);
  const waits: RetryConfig = wait === undefined ? {} : { retryDelay: wait, backoffType: "static" };
  client.defaults.raxConfig = { retry: 2, ...waits };
  attach(client);
  return callOf(client);
};

import wretch from "wretch";
import abort from "wretch/addons/abort";
import { retry } from "wretch/middlewares";
import type { Open } from "../client.ts";

export const open: Open = ({ base, timeout, wait }) => {
  const client = wretch(base)
    .addon(abort())
    .middlewares([
      retry({
        maxAttempts: 2,
        retryOnNetworkError: true,
        ...(wait !== undefined && { delayTimer: wait, delayRamp: () => wait }),
      }),
    ]);
  return ({ method, path, json, signal }) => {
    const prepared = signal ? client.options({ signal }) : client;
    const sent = (json ? prepared.json(json) : prepared).fetch(method, path);
    return (timeout === undefined ? sent : sent.setTimeout(timeout)).json();
  };
};

import { Agent, fetch, request, RetryAgent } from "undici";
import { initOf, jsonOf, type Open, type Settings } from "../client.ts";

function agent({ timeout, wait }: Settings): RetryAgent {
  return new RetryAgent(new Agent(timeout === undefined ? {} : { headersTimeout: timeout }), {
    maxRetries: 2,
    ...(wait !== undefined && { minTimeout: wait, timeoutFactor: 1 }),
  });
}

/** The agent goes to the fetch of its own copy: Node's does not take it. */
export const openFetch: Open = (settings) => {
  const dispatcher = agent(settings);
  return async (ask) => jsonOf(await fetch(settings.base + ask.path, { ...initOf(ask), dispatcher }));
};

export const openRequest: Open = (settings) => {
  const dispatcher = agent(settings);
  return async (ask) => {
    const { statusCode, body } = await request(settings.base + ask.path, { ...initOf(ask), dispatcher });
    if (statusCode < 400) return body.json();
    await body.dump();
    throw new Error(`answered ${statusCode}`);
  };
};

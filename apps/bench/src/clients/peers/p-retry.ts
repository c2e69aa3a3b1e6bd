import pRetry, { AbortError } from "p-retry";
import { initOf, jsonOf, type Open, worthARetry } from "../client.ts";

export const open: Open =
  ({ base, timeout, wait }) =>
  (ask) => {
    const { signal } = ask;
    async function attempt(): Promise<unknown> {
      const init = initOf(ask);
      const signals = [...(signal ? [signal] : []), ...(timeout === undefined ? [] : [AbortSignal.timeout(timeout)])];
      const response = await fetch(base + ask.path, { ...init, signal: AbortSignal.any(signals) });
      if (response.ok || worthARetry.includes(response.status)) return jsonOf(response);
      await response.body?.cancel();
      throw new AbortError(`answered ${response.status}`);
    }
    return pRetry(attempt, {
      retries: 2,
      ...(wait !== undefined && { minTimeout: wait, factor: 1 }),
      ...(signal && { signal }),
    });
  };

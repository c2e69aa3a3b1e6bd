import type { Operation } from "./operation.ts";
import { type Plan, planOf, type Policy } from "./policy.ts";
import { resolve } from "../resolve/resolve.ts";
import { execute } from "./run.ts";

/** What `retry` gives to each attempt. */
export interface RetryContext {
  /** 1 is the first. */
  readonly number: number;
  /** Aborts when the attempt takes too long, the deadline passes, or the caller aborts. */
  readonly signal: AbortSignal;
  /** ms to the deadline. */
  readonly remaining: number;
}

/**
 * Calls until it succeeds or the policy says stop, and returns what the last attempt returned.
 *
 * Only what is thrown counts as a failure. Each call makes its own budget and cool-down unless the policy brings shared
 * ones: for many calls make a plan with {@link planOf} once.
 *
 * @param options `signal` ends it, with the signal's own reason; `idempotent: false` when doing it twice does harm: then
 *   only what never reached a server, or was refused before it began, is done again
 * @throws {FailwellError} network failure or timeout, with the attempts behind it; anything else as it was thrown
 */
export function retry<T>(
  call: (context: RetryContext) => PromiseLike<T>,
  policy: Policy | Plan = {},
  {
    signal = null,
    key = "call",
    idempotent = true,
  }: { readonly signal?: AbortSignal | null; readonly key?: string; readonly idempotent?: boolean } = {},
): Promise<T> {
  const operation: Operation<T> = {
    key,
    idempotent,
    keyed: false,
    replayable: true,
    cooldownKey: () => key,
    label: () => key,
    call: async (guard, number) => call({ number, signal: guard.signal, remaining: guard.remaining() }),
  };
  return execute(operation, "rules" in policy ? policy : planOf(policy, resolve), signal);
}

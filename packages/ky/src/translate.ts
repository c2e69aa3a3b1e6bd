import { type Backoff, exponential, fullJitter } from "@failwell/core";
import type { FetchPolicy } from "@failwell/fetch";
import { type KyOptions, type KyRetry, retryOf } from "./options.ts";

/**
 * What ky's own `retry`, `timeout` and `totalTimeout` ask for, as a policy; `null` when nobody set them.
 *
 * @throws {RangeError} a value that cannot work, and `retry.afterStatusCodes`: a hint is never ignored here
 */
export function translate(options: KyOptions, method: string, policy: FetchPolicy): FetchPolicy | null {
  const { retry, timeout, totalTimeout } = options;
  const rules = retry === undefined ? null : translateRetry(retryOf(options), method);
  const timeouts = translateTimeouts(timeout, totalTimeout, policy.timeouts?.deadline);
  if (rules === null && timeouts === null) return null;
  return { ...(rules !== null && { retry: rules }), ...(timeouts !== null && { timeouts }) };
}

/** Without a limit of its own a phase is bounded by the deadline. */
function translateTimeouts(
  timeout: KyOptions["timeout"],
  total: KyOptions["totalTimeout"],
  wanted: number | undefined,
): NonNullable<FetchPolicy["timeouts"]> | null {
  if (timeout === undefined && total === undefined) return null;
  const deadline = total === false ? Infinity : total;
  const phase = timeout === false ? Infinity : timeout;
  // Only what has no limit is bounded by the policy: a number that is too large for it is a contradiction.
  const bound = deadline ?? (phase === Infinity && wanted !== undefined ? wanted : Infinity);
  for (const [name, value] of Object.entries({ timeout: phase, totalTimeout: deadline })) {
    if (value !== undefined && !(value >= 1)) {
      throw new RangeError(`${name} must be at least 1 ms, or false for no limit, got ${value}`);
    }
  }
  return {
    ...(phase !== undefined && { attempt: Math.min(phase, bound), idle: phase }),
    ...(deadline !== undefined && { deadline }),
  };
}

function translateRetry(retry: KyRetry, method: string): NonNullable<FetchPolicy["retry"]> {
  const { limit, methods, afterStatusCodes, maxRetryAfter } = retry;
  if (limit !== undefined && !(limit >= 0)) throw new RangeError(`retry.limit must be at least 0, got ${limit}`);
  if (afterStatusCodes !== undefined) {
    throw new RangeError(
      "retry.afterStatusCodes has no meaning here: a Retry-After is honoured on every status that is retried. Remove it",
    );
  }
  const listed = methods?.some((name) => name.toUpperCase() === method);
  const backoff = backoffFor(retry);
  return {
    ...(limit !== undefined && { maxAttempts: limit + 1 }),
    // Who lists POST says that it does no harm; who lists other methods says that this one is not to be repeated.
    ...(listed === true && { replay: "always" }),
    ...(listed === false && { maxAttempts: 1 }),
    ...(maxRetryAfter !== undefined && { maxRetryAfter }),
    ...(backoff !== null && { backoff }),
  };
}

function backoffFor({ delay, jitter, backoffLimit = Infinity }: KyRetry): Backoff | null {
  if (delay === undefined && jitter === undefined && backoffLimit === Infinity) return null;
  // ky's own growth. Where nobody says how to spread it, it is spread.
  const base: Backoff = delay === undefined ? exponential({ first: 300 }) : (retry) => valid(delay(retry), 0);
  const spread: Backoff =
    typeof jitter === "function"
      ? (...standing) => {
          const wait = base(...standing);
          return valid(jitter(wait), wait);
        }
      : jitter === true || (jitter === undefined && delay === undefined)
        ? fullJitter(base)
        : base;
  return (...standing) => Math.min(backoffLimit, spread(...standing));
}

/** ky's own rule: a jitter that makes no sense is none. */
function valid(wait: number, otherwise: number): number {
  return wait >= 0 && wait < Infinity ? wait : otherwise;
}

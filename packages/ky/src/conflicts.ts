import type { FetchPolicy } from "@failwell/fetch";
import { type KyOptions, retryOf } from "./options.ts";

/**
 * Refuses an instance and a policy that say different things, rather than to choose one of them.
 *
 * @throws {RangeError} which option, which field, and both values
 */
export function conflicts(options: KyOptions, { retry: rules, timeouts }: FetchPolicy): void {
  const { timeout, totalTimeout } = options;
  const { limit, maxRetryAfter, delay, jitter, backoffLimit } = retryOf(options);
  const pairs = [
    ["retry.limit", limit, "retry.maxAttempts", rules?.maxAttempts, limit === undefined ? undefined : limit + 1],
    ["retry.maxRetryAfter", maxRetryAfter, "retry.maxRetryAfter", rules?.maxRetryAfter, maxRetryAfter],
    ["timeout", timeout, "timeouts.attempt", timeouts?.attempt, ms(timeout)],
    ["totalTimeout", totalTimeout, "timeouts.deadline", timeouts?.deadline, ms(totalTimeout)],
  ] as const;
  for (const [option, set, field, wanted, means] of pairs) {
    if (means === undefined || wanted === undefined || means === wanted) continue;
    throw new RangeError(
      `the instance says ${option} ${set}, which is ${field} ${means}, but the policy says ${wanted}: set one of them`,
    );
  }
  const waits = Object.entries({ delay, jitter, backoffLimit }).find(([, value]) => value !== undefined);
  if (waits !== undefined && rules?.backoff !== undefined) {
    throw new RangeError(`the instance says retry.${waits[0]}, and the policy retry.backoff: set one of them`);
  }
}

function ms(value: number | false | undefined): number | undefined {
  return value === false ? Infinity : value;
}

import type { FetchPolicy } from "@failwell/fetch";
import type { KyOptions } from "./options.ts";

/**
 * Refuses an instance and a policy that say different things, rather than to choose one of them.
 *
 * @throws {RangeError} which option, which field, and both values
 */
export function conflicts(options: KyOptions, { retry: rules, timeouts }: FetchPolicy): void {
  const { retry, timeout, totalTimeout } = options;
  const limit = typeof retry === "number" ? retry : retry?.limit;
  const ms = (value: number | false | undefined): number | undefined => (value === false ? Infinity : value);
  const pairs = [
    ["retry.limit", limit, "retry.maxAttempts", rules?.maxAttempts, limit === undefined ? undefined : limit + 1],
    ["timeout", timeout, "timeouts.attempt", timeouts?.attempt, ms(timeout)],
    ["totalTimeout", totalTimeout, "timeouts.deadline", timeouts?.deadline, ms(totalTimeout)],
  ] as const;
  for (const [option, set, field, wanted, means] of pairs) {
    if (means === undefined || wanted === undefined || means === wanted) continue;
    throw new RangeError(
      `the instance says ${option} ${set}, which is ${field} ${means}, but the policy says ${wanted}: set one of them`,
    );
  }
}

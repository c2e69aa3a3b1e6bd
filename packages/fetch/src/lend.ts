import type { Resolve } from "@failwell/core";
import type { LentFetch } from "./host.ts";
import { HostedOperation } from "./hosted-operation.ts";
import type { FetchPolicy } from "./policy.ts";
import { createWith } from "./resilient.ts";

/**
 * Makes a function that lends resilient fetches to a client with loops, timers and errors of its own, which may add to each
 * call what a {@link Host} says.
 */
export function createLender(
  resolveWith: Resolve,
): (fetch?: typeof globalThis.fetch, policy?: FetchPolicy) => LentFetch {
  return createWith(resolveWith, (client, prepared, plan, policy, host = {}) => {
    return new HostedOperation(client, prepared, plan, policy, host);
  });
}

export type { FailedAttempt, Host, LentFetch } from "./host.ts";
export { unread } from "./body.ts";
export { isStream } from "./request.ts";
export { knownVerdict } from "./verdict-of.ts";

import { resolve } from "@failwell/core";
import type { LentFetch } from "./host.ts";
import type { FetchPolicy } from "./policy.ts";
import { createLender } from "./resilient.ts";

/**
 * Lends a resilient fetch to a client that has loops, timers and errors of its own. What it may add to each call is a
 * {@link Host}.
 *
 * @param fetch what sends; the platform's own when left out
 * @throws {RangeError} a policy that cannot work
 */
export const lend: (fetch?: typeof globalThis.fetch, policy?: FetchPolicy) => LentFetch =
  /* @__PURE__ */ createLender(resolve);

export type { FailedAttempt, Host, LentFetch } from "./host.ts";

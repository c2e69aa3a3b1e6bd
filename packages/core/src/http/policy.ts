import type { Attempt } from "../retry/attempt.ts";
import type { Policy } from "../retry/policy.ts";
import type { Verdict } from "../verdict.ts";

/** A request, as a policy is asked about it. */
export interface RequestFacts {
  /** Upper case. */
  readonly method: string;
  /** Absolute; empty when it is not valid. */
  readonly url: string;
  readonly headers: Headers;
}

/** A request that may have been executed, as `reconcile` is asked about it. */
export interface LookUp extends RequestFacts {
  /** `null` when it had none. */
  readonly idempotencyKey: string | null;
  /** What became of the last attempt. */
  readonly verdict: Verdict;
  readonly attempts: readonly Attempt[];
  /** Aborts with the call, and at its deadline. */
  readonly signal: AbortSignal;
}

/**
 * A policy, and what only a request needs.
 *
 * `Answer` is what the client answers with.
 */
export interface HttpPolicy<Answer> extends Policy {
  /**
   * Adds an `Idempotency-Key` to each POST and PATCH that has none: the same on every attempt, a new one per call. `true`
   * makes a random one; a text is the key of every call, so give it per call. To survive a restart of the process, keep
   * your own key before you send. With a key any retryable failure is retried, so the server must honour it.
   */
  readonly idempotencyKey?: boolean | string | ((request: RequestFacts) => string);
  /**
   * Looks up what became of a POST or PATCH that may have been executed, after the wait and before it is sent again: then
   * it is sent again on any retryable failure. Give the answer when the work was done; `absent` when nothing was begun;
   * `unknown`, or throw, when nobody can tell: the call then ends with an `AmbiguousOutcomeError`.
   */
  readonly reconcile?: (request: LookUp) => PromiseLike<Answer | "absent" | "unknown">;
}

import type { Attempt, Verdict } from "@failwell/core";
import type { ResilientInit } from "./policy.ts";

type Input = Parameters<typeof globalThis.fetch>[0];

/** An attempt that failed, as a host sees it. */
export interface FailedAttempt {
  readonly verdict: Verdict;
  /** `null` when no answer came. Its body holds what was looked into: at most 64 KiB. */
  readonly response: Response | null;
  /** What was thrown, when no answer came. */
  readonly error: unknown;
  readonly attempts: readonly Attempt[];
}

/** What a client that sends through a lent fetch adds to a call. */
export interface Host {
  /** Will the whole body be read at once? Then it is read inside the attempt. Asked when an answer has come. */
  readonly whole?: () => boolean;
  /** Is the body of the Request a stream? It is never cloned: it is sent once, or kept as far as `bufferBody` allows. */
  readonly streams?: boolean;
  /** What breaks a body that is being read, in the host's words. */
  readonly explain?: (error: unknown) => unknown;
  /** The last word on a failure. */
  readonly weigh?: (failed: FailedAttempt) => Verdict | PromiseLike<Verdict>;
  /** Runs before each retry. A Request is sent in the place of the first from then on, a Response is the answer of the call. */
  readonly beforeRetry?: (failed: FailedAttempt) => PromiseLike<Request | Response | undefined>;
}

/** A resilient fetch for a host. */
export type LentFetch = (input: Input, init?: ResilientInit, host?: Host) => Promise<Response>;

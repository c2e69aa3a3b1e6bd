import type { HttpPolicy } from "@failwell/core";

/** Whatever fetch takes as its first argument. */
export type Input = Parameters<typeof globalThis.fetch>[0];

/** Whatever fetch takes as a body: `BodyInit`, which not every environment declares. */
type Body = NonNullable<NonNullable<Parameters<typeof globalThis.fetch>[1]>["body"]>;

/** A policy, and what only a fetch needs. */
export interface FetchPolicy extends HttpPolicy<Response> {
  /** A stream as a body is read into memory up to so many bytes, so that it can be sent again. Default 0: never. */
  readonly bufferBody?: number;
}

/** What fetch takes as its second argument, and more. */
export interface ResilientInit extends Omit<RequestInit, "body"> {
  /** A function is called once per attempt: the way to send a stream again. */
  readonly body?: Body | (() => Body) | null;
  /** Another policy for this call. It shares budget, breaker and cool-down with the client unless it says otherwise. */
  readonly policy?: FetchPolicy;
  /** Read the body of a success into memory before the call resolves: one that is cut off is then retried like any failure. */
  readonly whole?: boolean;
}

/** A fetch: the same arguments, the same answer. */
export type ResilientFetch = (input: Input, init?: ResilientInit) => Promise<Response>;

import type { Kind } from "../catalog/kinds.ts";
import type { StopReason } from "./decide.ts";
import type { Phase } from "../verdict.ts";

/** What is kept about one attempt. Holds nothing that must not be logged. */
export interface Attempt {
  /** 1 is the first. */
  readonly number: number;
  /** ms from the start of the call to the start of the attempt. */
  readonly startedMs: number;
  /** ms from the start of the attempt to its answer or its failure. */
  readonly elapsedMs: number;
  /** `null` when no answer came; that of an answer whose body broke is here. */
  readonly status: number | null;
  /** How far it got: `unanswered` may have been executed, whatever is known of it. */
  readonly phase: Phase;
  /** `null` when it succeeded. */
  readonly kind: Kind | null;
  /** Which rule decided; `null` when it succeeded. */
  readonly evidence: string | null;
  /** The server's hint in ms. */
  readonly retryAfterMs: number | null;
  /** The upstream's id of the request, for support. */
  readonly requestId: string | null;
  /** The wait in ms after it; `null` when no attempt followed. */
  readonly waitMs: number | null;
  /** Why no attempt followed; `null` when one did. */
  readonly stop: StopReason | null;
}

const histories: WeakMap<object, readonly Attempt[]> = /* @__PURE__ */ new WeakMap();
const none: readonly Attempt[] = /* @__PURE__ */ Object.freeze([]);

/**
 * The attempts behind a response, a result or an error that came out of a resilient call; empty for anything else, and for
 * the reason of an abort, which belongs to the caller.
 */
export function attemptsOf(result: unknown): readonly Attempt[] {
  if (typeof result !== "object" || result === null) return none;
  return histories.get(result) ?? none;
}

/** Keeps the attempts behind a result for as long as the result lives. Primitives carry none. */
export function remember(result: unknown, attempts: readonly Attempt[]): void {
  if (typeof result === "object" && result !== null) histories.set(result, attempts);
}

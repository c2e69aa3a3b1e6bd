import type { Backoff } from "./backoff.ts";
import type { Verdict } from "../verdict.ts";

/** Why a call ended. */
export type StopReason =
  | "settled"
  | "attempts"
  | "deadline"
  | "budget"
  | "breaker"
  | "fatal"
  | "unsafe_replay"
  | "body_not_replayable"
  | "aborted";

/**
 * When a request that is not idempotent may be sent again.
 * - `documented`: it was never sent, or the server answered with a retryable error (not with a timeout)
 * - `proven`: it was never sent, or the answer says that the work was not begun (429, 503, 529)
 * - `always`: the caller's word that it does no harm
 */
export type Replay = "documented" | "proven" | "always";

/** What a policy says about retries. */
export interface RetryRules {
  /** Calls in all, the first one included. */
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  readonly replay: Replay;
  /** The longest hint, in ms, that is waited for. */
  readonly maxRetryAfter: number;
}

/** What a request says about being sent twice. */
export interface Replayability {
  /** Sending it twice does what sending it once does (RFC 9110 §9.2.2). */
  readonly idempotent: boolean;
  /** It carries an idempotency key, the same on every attempt. */
  readonly keyed: boolean;
  /** Its body can be produced again. */
  readonly replayable: boolean;
  /** Somebody will look up what became of it before it is sent again. */
  readonly reconcilable?: boolean;
}

/** Where a call stands after an attempt. */
export interface Standing {
  /** Attempts made so far, at least 1. */
  readonly attempt: number;
  /** ms to the deadline; `Infinity` for none. */
  readonly remaining: number;
  /** The wait in ms before this attempt; 0 before the first. */
  readonly previousWait: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

/** What follows. */
export type Decision =
  | { readonly kind: "retry"; readonly waitMs: number }
  | { readonly kind: "stop"; readonly reason: StopReason };

/**
 * Decides what follows an attempt. Reads no clock and keeps no state: a host with a loop of its own can call it.
 *
 * A hint is obeyed or refused, never shortened: jitter comes on top of it.
 *
 * @param verdict `null` when the attempt succeeded
 */
export function decide(
  verdict: Verdict | null,
  standing: Standing,
  rules: RetryRules,
  request: Replayability,
): Decision {
  if (verdict === null) return stop("settled");
  if (!verdict.retryable) return stop("fatal");
  if (!mayReplay(verdict, rules.replay, request)) return stop("unsafe_replay");
  if (!request.replayable) return stop("body_not_replayable");
  if (standing.attempt >= rules.maxAttempts) return stop("attempts");

  const { remaining, random } = standing;
  const hint = verdict.retryAfterMs ?? 0;
  let waitMs = rules.backoff(standing.attempt, standing.previousWait, random);
  if (hint > 0) {
    waitMs = Math.max(waitMs, hint);
    // Half of what is left stays for the attempt itself.
    waitMs += random() * Math.max(0, Math.min(hint / 10 + 1000, (remaining - waitMs) / 2));
  }
  return hint > rules.maxRetryAfter || waitMs >= remaining ? stop("deadline") : { kind: "retry", waitMs };
}

/** Can this outcome not hide a first execution, or does a second one do no harm? */
function mayReplay(verdict: Verdict, replay: Replay, { idempotent, keyed, reconcilable }: Replayability): boolean {
  if (idempotent || keyed || reconcilable || replay === "always" || notBegun(verdict)) return true;
  return replay === "documented" && verdict.phase === "answered" && verdict.kind !== "timeout";
}

/** Does this outcome prove that the work was not begun? */
export function notBegun({ phase, kind }: Verdict): boolean {
  if (phase !== "answered") return phase === "unsent";
  return kind === "rate_limit" || kind === "overloaded" || kind === "unavailable";
}

function stop(reason: StopReason): Decision {
  return { kind: "stop", reason };
}

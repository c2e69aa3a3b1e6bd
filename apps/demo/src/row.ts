import { type Attempt, FailwellError, type StopReason, TimeoutError } from "@failwell/fetch";
import type { Call } from "./call.ts";
import { duration } from "./duration.ts";

/** What one scenario came to, in the words of the table. */
export interface Row {
  /** The status of each attempt, or what came instead: `429 → 200`, `ECONNRESET → 200`. */
  readonly attempts: string;
  /** What was waited between attempts and at the cool-down gate, in ms. */
  readonly waits: readonly number[];
  /** Kind and fault of the failure: `rate_limit, quota`; `-` when there was none. */
  readonly verdict: string;
  /** Which rule decided. */
  readonly evidence: string;
  /** What the caller got: `429`, `TimeoutError (attempt)`. */
  readonly outcome: string;
  /** Why no attempt followed. */
  readonly stop: StopReason;
  /** What else is worth knowing: `1 job finished`. */
  readonly note: string;
}

export function rowOf(call: Call, note = ""): Row {
  const { attempts, verdict, events } = call;
  return {
    attempts: attempts.map(labelOf).join(" → "),
    waits: events.flatMap((event) =>
      event.type === "retryScheduled" || event.type === "coolingDown" ? [event.waitMs] : [],
    ),
    verdict: verdict === null ? "-" : `${verdict.kind}, ${verdict.fault}`,
    evidence: verdict?.evidence ?? "-",
    outcome: outcomeOf(call),
    stop: stopOf(call),
    note,
  };
}

/** What the caller got: a status, an error, or a status and then an error where the rest of the body should be. */
export function outcomeOf(call: Call): string {
  const { status, error } = call;
  const thrown = error === null ? "" : nameOf(error);
  return status !== null && error !== null ? `${status}, then ${thrown}` : String(status ?? thrown);
}

export function stopOf({ attempts, error }: Call): StopReason {
  return FailwellError.is(error) ? error.stopReason : (attempts.at(-1)?.stop ?? "settled");
}

function nameOf(error: unknown): string {
  if (TimeoutError.is(error, "timeout")) return `TimeoutError (${(error as TimeoutError).timer})`;
  // What happened matters as much as that nobody knows more.
  if (FailwellError.is(error, "ambiguous_outcome")) return `${error.name} (${error.verdict.kind})`;
  if (FailwellError.is(error)) return `${error.name} (${error.code})`;
  return error instanceof Error ? error.name : String(error);
}

/** What the table shows of an attempt. */
export function labelOf({ status, kind, evidence, stop }: Attempt): string {
  if (status !== null) return String(status);
  if (kind === "timeout") return "timeout";
  if (stop === "aborted") return "aborted";
  return evidence?.replace(/^thrown /, "") ?? "no answer";
}

/** Many calls in one line: how many attempts came to what, most frequent first. */
export function tally(calls: readonly Call[]): string {
  const counts = new Map<string, number>();
  for (const attempt of calls.flatMap((call) => call.attempts)) {
    counts.set(labelOf(attempt), (counts.get(labelOf(attempt)) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => `${count} × ${label}`).join(", ");
}

/** Waits in one cell: each of them up to three, then their range; empty for none. */
export function waitsText(waits: readonly number[]): string {
  if (waits.length === 0) return "";
  if (waits.length <= 3) return `waited ${waits.map(duration).join(", ")}`;
  return `${waits.length} × ${duration(Math.min(...waits))} to ${duration(Math.max(...waits))}`;
}

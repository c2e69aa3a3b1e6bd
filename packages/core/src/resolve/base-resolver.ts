import { readAnswer } from "./answer.ts";
import { type Meanings, meanings } from "../catalog/kinds.ts";
import { firstOf, judge, verdictOn } from "./judge.ts";
import type { AnsweredOutcome, Outcome } from "../outcome.ts";
import { filled, own } from "./own.ts";
import { type Reader, stepsOf } from "./reading.ts";
import { thrownOf } from "./thrown.ts";
import type { Verdict } from "../verdict.ts";

/** What is known beside the outcome itself. */
export interface ResolveOptions {
  /** Milliseconds since 1970, for waits that are dates; the present when left out. */
  readonly now?: number;
  /**
   * Whose answer it is, if known: a dialect's name such as `openai`, or the host that was asked. An unknown name does no
   * harm.
   */
  readonly provider?: string;
}

/** Outcome in, verdict out; `null` when it is no error. Never throws, whatever comes in. */
export type Resolve = (outcome: Outcome, options?: ResolveOptions) => Verdict | null;

/**
 * Makes a resolver from its parts. Without any it is small, for browsers: it knows every status, JSON errors in the usual
 * envelopes, `Retry-After`, `x-should-retry`, and whatever a runtime throws.
 *
 * @param options `readers` read more: see `allReaders`; `catalog` has the words and the statuses
 */
export function createBaseResolver({
  readers = [],
  catalog = meanings,
}: { readonly readers?: readonly Reader[]; readonly catalog?: Meanings } = {}): Resolve {
  const steps = stepsOf(readers);
  return (outcome, options) => {
    let status: number | null = null;
    try {
      const answered = (answer: AnsweredOutcome): Verdict | null => {
        const reading = readAnswer(answer, steps, options?.now ?? Date.now(), options?.provider ?? "");
        return reading && judge(reading, steps, catalog);
      };
      if ("status" in outcome) {
        if (Number.isInteger(outcome.status)) ({ status } = outcome);
        return answered(outcome);
      }
      const { error } = outcome;
      const carried = firstOf(steps.answerIn, (answerIn) => answerIn(error));
      const known = verdictIn(error) ?? (carried && answered(carried));
      if (known !== null) return known;
      const { phase, code, message, ...judgement } = thrownOf(error);
      return verdictOn(catalog, judgement, phase, { status, code, message, requestId: null });
    } catch {
      // Something in the outcome throws when looked at: only its status may still speak.
      const entry = status === null ? undefined : catalog.statuses[status];
      const judgement = { ...(entry ?? catalog.kinds.unknown), evidence: "unreadable" };
      return verdictOn(catalog, judgement, status === null ? "unanswered" : "answered", {
        status,
        code: null,
        message: null,
        requestId: null,
      });
    }
  };
}

/** The verdict that an error carries already, such as one of our own. */
function verdictIn(error: unknown): Verdict | null {
  const verdict = own(error, "verdict");
  return filled(own(verdict, "kind")) && filled(own(verdict, "evidence")) && own(verdict, "retryable") !== undefined
    ? (verdict as Verdict)
    : null;
}

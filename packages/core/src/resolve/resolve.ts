import { type Answer, readAnswer } from "./answer.ts";
import { answerIn, verdictIn } from "./carried.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Dialect } from "./dialect.ts";
import { allDialects } from "../dialects/all.ts";
import { judge, verdictOn } from "./judge.ts";
import { compile, type Lexicon } from "./lexicon.ts";
import type { AnsweredOutcome, Outcome } from "../outcome.ts";
import { catalog as everyStatus } from "../catalog/statuses.ts";
import { thrownOf } from "./thrown.ts";
import type { Verdict } from "../verdict.ts";

/** What is known beside the outcome itself. */
export interface ResolveOptions {
  /** Milliseconds since 1970, for waits that are dates; the present when left out. */
  readonly now?: number;
  /** Whose answer it is, if known: a dialect's name such as `openai`. An unknown name does no harm. */
  readonly provider?: string;
}

/** Outcome in, verdict out; `null` when it is no error. Never throws, whatever comes in. */
export type Resolve = (outcome: Outcome, options?: ResolveOptions) => Verdict | null;

/**
 * Says what an outcome means, by the first evidence that speaks: an explicit word on retrying, a machine code, a header
 * that names the class, a message pattern of a known provider, the status, the look of the body.
 *
 * A body counts as complete: of a stream that still runs, give the error event alone.
 */
export const resolve: Resolve = /* @__PURE__ */ createResolver({ dialects: allDialects });

/** Makes a {@link resolve} of one's own: with fewer or more dialects, or with another catalog. */
export function createResolver({
  dialects,
  catalog = everyStatus,
}: {
  readonly dialects: readonly Dialect[];
  readonly catalog?: Catalog;
}): Resolve {
  let lexicon: Lexicon | undefined;
  return (outcome, options) => {
    try {
      lexicon ??= compile(dialects);
      const now = options?.now ?? Date.now();
      return "status" in outcome
        ? answered(outcome, lexicon, catalog, now, options?.provider)
        : thrown(outcome.error, lexicon, catalog, now, options?.provider);
    } catch {
      return unreadable(outcome, catalog);
    }
  };
}

function answered(
  outcome: AnsweredOutcome,
  lexicon: Lexicon,
  catalog: Catalog,
  now: number,
  provider: string | undefined,
): Verdict | null {
  const answer: Answer | null = readAnswer(outcome, lexicon, provider);
  return answer === null ? null : judge(answer, lexicon, catalog, now);
}

function thrown(
  error: unknown,
  lexicon: Lexicon,
  catalog: Catalog,
  now: number,
  provider: string | undefined,
): Verdict {
  const known = verdictIn(error);
  if (known !== null) return known;
  const carried = answerIn(error);
  const verdict = carried === null ? null : answered(carried, lexicon, catalog, now, provider);
  if (verdict !== null) return verdict;
  const { phase, code, message, ...judgement } = thrownOf(error);
  return verdictOn(catalog, judgement, phase, { status: null, code, message, requestId: null });
}

/** Something in the outcome throws when looked at: only its status may still speak. */
function unreadable(outcome: Outcome, catalog: Catalog): Verdict {
  let status: number | null = null;
  try {
    const { status: own } = outcome as AnsweredOutcome;
    if (Number.isInteger(own)) status = own;
  } catch {
    // nothing left to look at
  }
  const entry = status === null ? undefined : catalog.statuses[status];
  return verdictOn(
    catalog,
    { kind: entry?.kind ?? "unknown", retryable: entry?.retryable, evidence: "unreadable" },
    status === null ? "unanswered" : "answered",
    { status, code: null, message: null, requestId: null },
  );
}

import { entryOf, type Meanings } from "../catalog/kinds.ts";
import type { Judgement, Reading, Steps } from "./reading.ts";
import { dateOf, positive, waitOf } from "./retry-after.ts";
import type { Phase, Verdict } from "../verdict.ts";

/** Puts a judgement into the words of the catalog. */
export function verdictOn(
  { kinds, statuses }: Meanings,
  { kind, retryable, evidence }: Judgement,
  phase: Phase,
  upstream: Verdict["upstream"],
): { -readonly [Field in keyof Verdict]: Verdict[Field] } {
  const usual = kinds[kind];
  const own = statuses[upstream.status!];
  const { meaning, action } = own?.kind === kind ? own : usual;
  return {
    kind,
    fault: usual.fault,
    status: usual.status,
    retryable: retryable ?? usual.retryable,
    retryAfterMs: null,
    phase,
    meaning,
    action,
    provider: null,
    upstream,
    evidence,
  };
}

/** Weighs what an answer says, in the order of evidence. */
export function judge(reading: Reading, steps: Steps, catalog: Meanings): Verdict {
  const { status, meant, codes, message, requestId, word, dialect } = reading;
  const entry = entryOf(meant, catalog);
  const usual = entry && { kind: entry.kind, retryable: entry.retryable, evidence: `status ${meant}` };
  const judgement = firstOf(steps.weigh, (weigh) => weigh(reading, usual)) ??
    usual ??
    reading.otherwise ?? { kind: "unknown", evidence: `body ${reading.format}` };
  const upstream = { status, code: codes[0] ?? null, message, requestId };
  const verdict = verdictOn(catalog, word ? { ...judgement, ...word } : judgement, "answered", upstream);
  if (reading.gateway && verdict.fault === "upstream") verdict.fault = "gateway";
  if (verdict.retryable) verdict.retryAfterMs = positive(waitOn(reading, steps));
  if (dialect) verdict.provider = dialect.name;
  return verdict;
}

/** The first answer that is one. */
export function firstOf<T, R>(list: readonly T[], ask: (one: T) => R | null | undefined): R | null {
  for (const one of list) {
    const answer = ask(one);
    if (answer !== null && answer !== undefined) return answer;
  }
  return null;
}

const inMilliseconds = ["retry-after-ms", "x-ms-retry-after-ms", "x-amz-retry-after", "grpc-retry-pushback-ms"];

/** The wait the server asked for, in ms: a header in ms, `Retry-After`, then wherever readers find one. */
function waitOn(reading: Reading, steps: Steps): number | null {
  const { headers, now } = reading;
  const value = headers.get("retry-after");
  return (
    firstOf(inMilliseconds, (name) => numberIn(headers.get(name))) ??
    // The server counts by its own clock, and often tells it.
    (value ? waitOf(value, dateOf(headers.get("date") ?? "") ?? now) : null) ??
    firstOf(steps.waitIn, (waitIn) => waitIn(reading))
  );
}

/** The number that a value is or spells out, without exponent. */
export function numberIn(value: unknown): number | null {
  return (typeof value === "string" || typeof value === "number") && /^-?\d+(?:\.\d*)?$/.test(`${value}`)
    ? Number(value)
    : null;
}

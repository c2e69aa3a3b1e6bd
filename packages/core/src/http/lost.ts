import type { FailwellError } from "../retry/errors.ts";

/** What an SDK sent through us, whose outcome nobody knows, by the name of the call. */
const calls: Map<string, { readonly until: number; readonly failure: FailwellError | null }> =
  /* @__PURE__ */ new Map();

/** An SDK repeats within seconds. */
const KEPT_MS = 60_000;
const MOST = 1000;

/** Remembers for a minute that a call of an SDK was lost. */
export function rememberLost(label: string, failure: FailwellError | null, now: number): void {
  if (calls.size >= MOST) calls.clear();
  calls.set(label, { until: now + KEPT_MS, failure });
}

/** What became of this call within the last minute; `undefined` when it was not lost. */
export function lostBefore(label: string, now: number): FailwellError | null | undefined {
  const known = calls.get(label);
  return known === undefined || known.until < now ? undefined : known.failure;
}

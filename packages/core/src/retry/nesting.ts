/** Says that an attempt is under way. */
export interface Mark {
  active: boolean;
}

// Costs less than a weak set, and is seen by another copy of this package.
const ATTEMPT: unique symbol = /* @__PURE__ */ Symbol.for("failwell.attempt") as never;

type Marked = AbortSignal & { [ATTEMPT]?: Mark };

/** Marks the signal of an attempt. */
export function markSignal(signal: AbortSignal, mark: Mark): void {
  (signal as Marked)[ATTEMPT] = mark;
}

/** Passes the mark on to a signal that was made out of another, as a Request makes one of its own. */
export function passMark(given: Marked | null | undefined, made: AbortSignal): void {
  const mark = given?.[ATTEMPT];
  if (mark !== undefined) markSignal(made, mark);
}

/** How many attempts are being begun right now, one inside the other. */
let depth = 0;

/** An attempt begins. What it calls before its first wait knows by that where it is; what it calls later, by the signal. */
export function enter(): void {
  depth++;
}

/** The attempt has begun. */
export function leave(): void {
  depth--;
}

/** Is this call made inside an attempt of another, which repeats it already? */
export function isNested(signal: Marked | null): boolean {
  return depth > 0 || signal?.[ATTEMPT]?.active === true;
}

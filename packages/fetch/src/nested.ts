const ATTEMPT = Symbol.for("failwell.attempt");

type Marked = AbortSignal & { [ATTEMPT]?: boolean };

/** A Request makes a signal of its own out of that which it is given: the mark of an attempt must not be lost, or attempts multiply. */
export function markNested(given: AbortSignal | null | undefined, made: AbortSignal): void {
  if (given != null && (given as Marked)[ATTEMPT] === true) (made as Marked)[ATTEMPT] = true;
}

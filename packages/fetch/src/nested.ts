const ATTEMPT = Symbol.for("failwell.attempt");

type Marked = AbortSignal & { [ATTEMPT]?: object };

/** A Request makes a signal of its own out of that which it is given: the mark of an attempt must not be lost, or attempts multiply. */
export function markNested(given: Marked | null | undefined, made: Marked): void {
  const mark = given?.[ATTEMPT];
  if (mark !== undefined) made[ATTEMPT] = mark;
}

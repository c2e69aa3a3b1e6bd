/**
 * The wait in ms before retry `retry` (the first retry is 1).
 *
 * @param previous the wait before the retry that came before it; 0 before the first
 * @param random numbers in [0, 1)
 */
export type Backoff = (retry: number, previous: number, random: () => number) => number;

function positive(name: string, value: number): number {
  if (!(value >= 0)) throw new RangeError(`${name} must be a number of at least 0, got ${value}`);
  return value;
}

/** `ms -> ms -> ms`. */
export function constant(ms: number): Backoff {
  positive("ms", ms);
  return () => ms;
}

/**
 * `first -> first * factor -> first * factor² …`, up to `cap`: with the defaults 1 s -> 2 s -> 4 s -> 8 s -> 16 s -> 30 s.
 *
 * Without jitter every client comes back at the same moment: put {@link fullJitter} around it.
 *
 * @param options first and cap in ms; `Infinity` for no cap
 */
export function exponential({
  first = 1000,
  factor = 2,
  cap = 30_000,
}: {
  readonly first?: number;
  readonly factor?: number;
  readonly cap?: number;
} = {}): Backoff {
  positive("first", first);
  positive("cap", cap);
  if (!(factor >= 1)) throw new RangeError(`factor must be at least 1, got ${factor}`);
  return (retry) => Math.min(cap, first * factor ** (retry - 1));
}

/**
 * Anywhere from 0 to the inner wait. The least work for the server of all jitters.
 *
 * @see Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015
 */
export function fullJitter(inner: Backoff): Backoff {
  return (retry, previous, random) => random() * inner(retry, previous, random);
}

/**
 * Half of the inner wait, plus anywhere from 0 to the other half.
 *
 * @see Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015
 */
export function equalJitter(inner: Backoff): Backoff {
  return (retry, previous, random) => {
    const half = inner(retry, previous, random) / 2;
    return half + random() * half;
  };
}

/**
 * Anywhere from `first` to three times the wait before: it spreads clients within a few retries.
 * The cap is applied to the range, not to the result, so that waits do not pile up on the cap.
 *
 * @param options first and cap in ms
 * @see Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015
 */
export function decorrelatedJitter({
  first = 1000,
  cap = 30_000,
}: {
  readonly first?: number;
  readonly cap?: number;
} = {}): Backoff {
  positive("first", first);
  if (!(cap >= first)) throw new RangeError(`cap must be at least first, ${first} ms, got ${cap} ms`);
  return (_retry, previous, random) => first + random() * (Math.min(cap, 3 * Math.max(previous, first)) - first);
}

/**
 * The inner wait plus anywhere from 0 to `spread` ms.
 *
 * @param spread 1 s, unless said otherwise
 */
export function additiveJitter(inner: Backoff, spread = 1000): Backoff {
  positive("spread", spread);
  return (retry, previous, random) => inner(retry, previous, random) + random() * spread;
}

/**
 * The schedule of the public documentation: before retry number `attempt` (0, 1, 2, …) wait
 * `min(30, 2^attempt + U(0,1))` seconds. From the sixth retry on it is 30 s without jitter;
 * {@link standard} keeps its spread.
 */
export const documentedBackoff: Backoff = (retry, previous, random) =>
  Math.min(30_000, additive(retry, previous, random));

const additive: Backoff = /* @__PURE__ */ additiveJitter(/* @__PURE__ */ exponential({ cap: Infinity }));

/** Full jitter over 1 s -> 2 s -> 4 s -> 8 s -> 16 s -> 30 s. */
export const standard: Backoff = /* @__PURE__ */ fullJitter(/* @__PURE__ */ exponential());

import { type Clock, MAX_TIMER_MS } from "../retry/clock.ts";

/** How a port is asked. */
export interface AskOptions {
  readonly clock: Clock;
  /** How long a call waits for the port, in ms: 25. */
  readonly budgetMs?: number | undefined;
  /** Told what went wrong each time `fallback` answers instead of the port. */
  readonly onFault?: ((fault: unknown) => void) | undefined;
}

/**
 * Asks a port and never lets it block or fail a call: when it throws, rejects or takes longer than `budgetMs`,
 * `fallback` answers. What comes later is ignored. A synchronous answer stays synchronous, without promise or timer.
 *
 * @param fallback the answer, or what computes it; only a fault calls it
 */
export function ask<T>(
  question: () => T | PromiseLike<T>,
  fallback: T | (() => T),
  options: AskOptions,
): T | Promise<T> {
  let answer: T | PromiseLike<T>;
  try {
    answer = question();
    if (!isThenable(answer)) return answer;
  } catch (fault) {
    return recover(fault, fallback, options);
  }
  const { clock, budgetMs = 25 } = options;
  return new Promise<T>((resolve, reject) => {
    const timeout = (): void => reject(new Error(`no answer from the store within ${budgetMs} ms`));
    const timer = clock.set(timeout, Math.min(budgetMs, MAX_TIMER_MS));
    const clear = (): void => clock.clear(timer);
    // A promise of our own in between: it holds a foreign thenable to one answer, given later.
    const settled = new Promise<T>((adopt) => adopt(answer));
    settled.then(clear, clear);
    settled.then(resolve, reject);
  }).catch((fault: unknown) => recover(fault, fallback, options));
}

function recover<T>(fault: unknown, fallback: T | (() => T), { onFault }: AskOptions): T {
  tell(onFault, fault);
  return isComputed(fallback) ? fallback() : fallback;
}

function isComputed<T>(fallback: T | (() => T)): fallback is () => T {
  return typeof fallback === "function";
}

/** Tells a listener something, and never lets it fail a call: what it throws or rejects with is dropped. */
export function tell<T>(listener: ((news: T) => unknown) | undefined, news: T): void {
  try {
    const answer = listener?.(news);
    if (isThenable(answer)) answer.then(undefined, () => {});
  } catch {
    // a listener's trouble is its own
  }
}

/** Refuses a number outside `[min, max]`, NaN included. */
export function within(name: string, value: number, min: number, max: number = Infinity): void {
  if (value >= min && value <= max) return;
  const range = max === Infinity ? `at least ${min}` : `from ${min} to ${max}`;
  throw new RangeError(`${name} must be ${range}, got ${value}`);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Where time comes from. Monotonic: never jumps, never goes back. */
export interface Clock {
  /** Milliseconds since an arbitrary start. */
  now(): number;
  /**
   * Calls `wake` once, about `ms` from now; `0 <= ms <= 2^31-1`. Returns what `clear` takes.
   *
   * @param background the timer only guards something else, and must not keep the process alive
   */
  set(wake: () => void, ms: number, background?: boolean): unknown;
  clear(timer: unknown): void;
}

/** The longest wait that `setTimeout` keeps: above it, timers fire after 1 ms. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  set(wake, ms, background) {
    const timer: unknown = setTimeout(wake, ms);
    if (background) (timer as { unref?: () => void }).unref?.();
    return timer;
  },
  clear: (timer) => clearTimeout(timer as number),
};

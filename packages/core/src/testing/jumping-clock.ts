import type { Clock } from "../retry/clock.ts";

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock that moves only when told to, and jumps from timer to timer. */
export interface JumpingClock extends Clock {
  /** Lets everything happen that is due within `ms`, in order, with all promises settled in between. */
  advance(ms: number): Promise<void>;
  /** Jumps from timer to timer until `work` settles; rejects when nothing is left that could settle it. */
  run<T>(work: Promise<T>): Promise<T>;
  /** How many timers are set. */
  readonly pending: number;
}

// A turn of the event loop: every promise callback that is ready, and those they make ready, have run.
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Makes a clock for tests: no test sleeps.
 *
 * @param start what `now()` says first, in ms
 */
export function jumpingClock(start = 0): JumpingClock {
  let now = start;
  let count = 0;
  const timers = new Set<Timer>();

  function next(limit: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.due > limit) continue;
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }

  async function fire(timer: Timer): Promise<void> {
    timers.delete(timer);
    now = Math.max(now, timer.due);
    timer.wake();
    await settle();
  }

  return {
    now: () => now,
    set(wake, ms): Timer {
      const timer = { due: now + ms, order: count++, wake };
      timers.add(timer);
      return timer;
    },
    clear: (timer) => void timers.delete(timer as Timer),
    get pending() {
      return timers.size;
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let timer = next(end); timer !== undefined; timer = next(end)) await fire(timer);
      now = end;
      await settle();
    },
    async run(work) {
      let done = false;
      const mark = (): void => void (done = true);
      work.then(mark, mark);
      await settle();
      while (!done) {
        const timer = next(Infinity);
        if (timer === undefined) throw new Error(`the work is still pending at ${now} ms, and no timer is set`);
        await fire(timer);
      }
      return work;
    },
  };
}

import type { Clock } from "@failwell/core";

/**
 * Makes a clock that runs `scale` times as fast as the wall. It is the one place where time is scaled: policies, the
 * hints of the providers and everything printed stay in the real durations they are written in.
 */
export function fastClock(scale: number): Clock {
  return {
    now: () => performance.now() * scale,
    set(wake, ms, background) {
      const timer = setTimeout(wake, Math.ceil(ms / scale));
      if (background) timer.unref();
      return timer;
    },
    clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
  };
}

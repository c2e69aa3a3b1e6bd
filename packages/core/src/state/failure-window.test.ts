import { describe, expect, test } from "vitest";

import { count, failureRate, failureWindow, type FailureWindow } from "./failure-window.ts";

/** A window of 10 s in which calls failed (`x`) or succeeded (`.`), all at one time. */
function seen(window: FailureWindow, now: number, outcomes: string): FailureWindow {
  for (const outcome of outcomes) count(window, now, outcome === "x");
  return window;
}

describe("a failure window", () => {
  test("shows failures / (successes + failures)", () => {
    expect(failureRate(seen(failureWindow(10_000), 0, "x..x"))).toEqual({ calls: 4, rate: 0.5 });
  });

  test("counts failures in a row, from the last success", () => {
    expect(seen(failureWindow(10_000), 0, "xx.xxx").inARow).toBe(3);
    expect(seen(failureWindow(10_000), 0, "xx.").inARow).toBe(0);
  });

  test("keeps what is younger than the window", () => {
    const window = seen(failureWindow(10_000), 500, "xxxx");
    seen(window, 9900, ".");
    expect(failureRate(window)).toEqual({ calls: 5, rate: 0.8 });
  });

  test("loses bucket by bucket what is older", () => {
    const window = failureWindow(10_000);
    seen(window, 0, "xx");
    seen(window, 1000, "xxx");
    seen(window, 10_000, ".");
    expect(failureRate(window)).toEqual({ calls: 4, rate: 0.75 });
    seen(window, 11_000, ".");
    expect(failureRate(window)).toEqual({ calls: 2, rate: 0 });
  });

  test.each([10_000, 15_000, 20_000, 3_600_000, 1e12])("has forgotten everything after %i ms of silence", (ms) => {
    const window = seen(failureWindow(10_000), 0, "xxxxxxxxxx");
    seen(window, ms, "x");
    expect(failureRate(window)).toEqual({ calls: 1, rate: 1 });
    expect(window.inARow).toBe(1);
  });

  test("counts the same at any time of the clock", () => {
    const window = failureWindow(10_000);
    for (let second = 1_000_000; second < 1_000_100; second++) seen(window, second * 1000 + 7, "x.");
    expect(failureRate(window)).toEqual({ calls: 20, rate: 0.5 });
  });
});

import { describe, expect, test } from "vitest";

import { climb, pass, type Ramp, startRamp } from "./ramp.ts";

/** How many of 100 calls get through. */
function passing(ramp: Ramp): number {
  return Array.from({ length: 100 }, () => pass(ramp)).filter(Boolean).length;
}

describe("a ramp", () => {
  test("lets its share of the calls through, evenly", () => {
    expect(passing(startRamp(0, 0.05, 0.5))).toBe(5);
    const ramp = startRamp(0, 0.25, 0);
    expect(Array.from({ length: 8 }, () => pass(ramp))).toEqual([false, false, false, true, false, false, false, true]);
  });

  test("begins at another call for each phase", () => {
    const firsts = [0.99, 0.72, 0.48, 0.23].map((phase) => {
      const ramp = startRamp(0, 0.05, phase);
      return Array.from({ length: 20 }, () => pass(ramp)).indexOf(true) + 1;
    });
    expect(firsts).toEqual([1, 6, 11, 16]);
  });

  test("grows by 1.3 after each second in which something succeeded", () => {
    const ramp = startRamp(0, 0.1, 0);
    ramp.passed = ramp.succeeded = true;
    expect(climb(ramp, 999)).toBe(false);
    expect(ramp.share).toBe(0.1);
    climb(ramp, 1000);
    expect(ramp.share).toBeCloseTo(0.13, 12);
  });

  test("grows after a second in which nothing was asked", () => {
    const ramp = startRamp(0, 0.1, 0);
    climb(ramp, 2000);
    expect(ramp.share).toBeCloseTo(0.169, 12);
  });

  test("stays after a second in which calls went out and none came back", () => {
    const ramp = startRamp(0, 0.1, 0);
    ramp.passed = true;
    climb(ramp, 1000);
    expect(ramp.share).toBe(0.1);
  });

  test("halves after a second with a failure, whatever succeeded, but not below 2 %", () => {
    const ramp = startRamp(0, 0.07, 0);
    const shares = [1, 2, 3].map((second) => {
      ramp.passed = ramp.succeeded = ramp.failed = true;
      climb(ramp, second * 1000);
      return ramp.share;
    });
    expect(shares).toEqual([0.035, 0.02, 0.02]);
  });

  test("is over after 12 healthy seconds from 5 %", () => {
    expect(climb(startRamp(0, 0.05, 0), 11_999)).toBe(false);
    expect(climb(startRamp(0, 0.05, 0), 12_000)).toBe(true);
  });
});

import { describe, expect, test } from "vitest";
import {
  additiveJitter,
  type Backoff,
  constant,
  decorrelatedJitter,
  documentedBackoff,
  equalJitter,
  exponential,
  fullJitter,
  standard,
} from "./backoff.ts";
import { seededRandom } from "../testing/seeded-random.ts";

/** The first `count` waits when random() always answers `u`. */
function waits(backoff: Backoff, count: number, u: number): number[] {
  const list: number[] = [];
  for (let retry = 1; retry <= count; retry++) list.push(backoff(retry, list.at(-1) ?? 0, () => u));
  return list;
}

describe("growth", () => {
  test("exponential doubles from 1 s and stays at 30 s", () => {
    expect(waits(exponential(), 7, 0.5)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  test("every option of exponential changes the waits", () => {
    expect(waits(exponential({ first: 100, factor: 3, cap: 1000 }), 4, 0)).toEqual([100, 300, 900, 1000]);
  });

  test("the wait before retry 10 000 is finite, and at most the cap", () => {
    expect(exponential()(10_000, 0, Math.random)).toBe(30_000);
  });

  test("constant stays", () => {
    expect(waits(constant(250), 3, 0.9)).toEqual([250, 250, 250]);
  });
});

describe("jitter", () => {
  test("full jitter spreads from zero to the inner wait", () => {
    expect(waits(fullJitter(exponential()), 3, 0)).toEqual([0, 0, 0]);
    expect(waits(fullJitter(exponential()), 3, 0.5)).toEqual([500, 1000, 2000]);
  });

  test("equal jitter keeps half of the inner wait", () => {
    expect(waits(equalJitter(exponential()), 3, 0)).toEqual([500, 1000, 2000]);
    expect(waits(equalJitter(exponential()), 3, 0.5)).toEqual([750, 1500, 3000]);
  });

  test("decorrelated jitter reaches from first to three times the wait before", () => {
    expect(waits(decorrelatedJitter({ first: 100, cap: 1000 }), 3, 0)).toEqual([100, 100, 100]);
    // 100 + 0.5 * (300 - 100) = 200; 100 + 0.5 * (600 - 100) = 350; 100 + 0.5 * (1000 - 100) = 550
    expect(waits(decorrelatedJitter({ first: 100, cap: 1000 }), 3, 0.5)).toEqual([200, 350, 550]);
  });

  test("additive jitter adds up to its spread", () => {
    expect(waits(additiveJitter(constant(100), 40), 2, 0.5)).toEqual([120, 120]);
  });

  test("the cap comes before the jitter, so at the cap the waits still differ by a quarter of it and more", () => {
    const random = seededRandom(7);
    const list = Array.from({ length: 4000 }, () => standard(20, 30_000, random));
    const mean = list.reduce((sum, wait) => sum + wait, 0) / list.length;
    const deviation = Math.sqrt(list.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / list.length);
    expect(deviation).toBeGreaterThan(0.25 * 30_000);
    expect(Math.max(...list)).toBeLessThan(30_000);
  });

  test("25 clients that meet the same error spread their first retry over more than half of the nominal wait", () => {
    const random = seededRandom(1);
    const list = Array.from({ length: 25 }, () => standard(1, 0, random));
    expect(Math.max(...list) - Math.min(...list)).toBeGreaterThan(500);
  });
});

test("the documented schedule is min(30, 2^attempt + U(0,1)) seconds", () => {
  expect(waits(documentedBackoff, 6, 0)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000]);
  expect(waits(documentedBackoff, 6, 0.25)).toEqual([1250, 2250, 4250, 8250, 16_250, 30_000]);
});

test.each([
  [() => constant(-1), "ms must be a number of at least 0, got -1"],
  [() => constant(Number.NaN), "ms must be a number of at least 0, got NaN"],
  [() => exponential({ first: -5 }), "first must be a number of at least 0, got -5"],
  [() => exponential({ cap: Number.NaN }), "cap must be a number of at least 0, got NaN"],
  [() => exponential({ factor: 0.5 }), "factor must be at least 1, got 0.5"],
  [() => decorrelatedJitter({ first: 500, cap: 100 }), "cap must be at least first, 500 ms, got 100 ms"],
  [() => additiveJitter(constant(1), -2), "spread must be a number of at least 0, got -2"],
])("a bad setting is refused with its name and value", (make, message) => {
  expect(make).toThrow(new RangeError(message));
});

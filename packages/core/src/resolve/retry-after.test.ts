import { describe, expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const now = Date.UTC(2026, 10, 22, 12, 0, 0);

describe("reads", () => {
  test.each([
    ["5", 5000],
    [" 5 ", 5000],
    ["2.0", 2000],
    ["1.5", 1500],
    ["0.0001", 1],
    ["30s", 30_000],
    ["9999999999", 9_999_999_999_000],
    ["Sun, 22 Nov 2026 12:00:30 GMT", 30_000],
    ["Sunday, 22-Nov-26 12:00:30 GMT", 30_000],
    ["Sun Nov 22 12:00:30 2026", 30_000],
    ["Tue Dec  1 12:00:00 2026", 9 * 86_400_000],
    ["Thu, 31 Dec 2026 23:59:60 GMT", Date.UTC(2026, 11, 31, 23, 59, 59) - now],
    ["Sun, 22 Nov 2026 12:00:00 GMT, 7", 7000],
    ["5, 10", 10_000],
    ["10, 5, 7", 10_000],
    ["2026-11-22T12:00:30Z", 30_000],
    ["2026-11-22T13:00:30.5+01:00", 30_500],
  ])("%j as %d ms", (value, wait) => {
    expect(parseRetryAfter(value, { now })).toBe(wait);
  });
});

describe("refuses", () => {
  test.each([
    ["0"],
    ["0.0"],
    ["-3"],
    ["+5"],
    ["0x10"],
    ["1e2"],
    [".5"],
    ["5 seconds"],
    ["5m"],
    ["soon"],
    ["soon, later"],
    ["soon, 5s5"],
    [""],
    ["NaN"],
    ["Infinity"],
    ["Sun, 22 Nov 2026 11:59:30 GMT"],
    ["Sun, 31 Feb 2027 12:00:00 GMT"],
    ["Sun, 22 Foo 2026 12:00:30 GMT"],
    ["Sun, 22 Nov 2026 25:00:00 GMT"],
    ["Sun, 22 Nov 2026 12:00:30 CET"],
    ["2026-11-22"],
    ["2026-11-22T12:00:30"],
    ["2026-13-41T12:00:30Z"],
    ["9".repeat(400)],
  ])("%j", (value) => {
    expect(parseRetryAfter(value, { now })).toBeNull();
  });
});

test("a two-digit year more than 50 years ahead lies in the past", () => {
  expect(parseRetryAfter("Sunday, 06-Nov-94 08:49:37 GMT", { now })).toBeNull();
  expect(parseRetryAfter("Friday, 22-Nov-30 12:00:00 GMT", { now })).toBe(1461 * 86_400_000);
});

test("takes the present when no time is given", () => {
  expect(parseRetryAfter(new Date(Date.now() + 3_600_000).toUTCString())).toBeGreaterThan(3_590_000);
});

import { describe, expect, test } from "vitest";
import { duration, moment } from "./duration.ts";

describe("duration", () => {
  test.each([
    [0, "0 ms"],
    [0.4, "0 ms"],
    [850, "850 ms"],
    [1000, "1 s"],
    [1560, "1.6 s"],
    [37_000, "37 s"],
    [90_000, "1.5 min"],
    [240_000, "4 min"],
    [5_400_000, "1.5 h"],
    [86_400_000, "24 h"],
    [259_200_000, "3 d"],
  ])("%d ms is said as %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  test("never rounds up to a full next unit that it then writes in the smaller one", () => {
    expect([duration(999.6), duration(59_990), duration(3_599_990)]).toEqual(["1 s", "1 min", "1 h"]);
  });
});

describe("moment", () => {
  test.each([
    [0, "0:00.0"],
    [39_049, "0:39.0"],
    [59_999, "1:00.0"],
    [241_500, "4:01.5"],
  ])("%d ms is %s on the stop watch", (ms, text) => {
    expect(moment(ms)).toBe(text);
  });
});

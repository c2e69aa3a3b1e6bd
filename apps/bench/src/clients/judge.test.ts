import { expect, test } from "vitest";
import { faults, inWords } from "./judge.ts";

const seen = { ending: "recovers", hits: 2, ms: 2000, outcome: "" } as const;

test("what is as good as the rule asks has no fault, its bounds included", () => {
  expect(faults({ ends: "recovers", hits: 2, ms: { atLeast: 2000 } }, seen)).toEqual([]);
  expect(faults({ ms: { atMost: 2000 } }, seen)).toEqual([]);
});

test("each part that is wrong is a fault of its own", () => {
  expect(faults({ ends: "fails", hits: 1, ms: { atMost: 1000 } }, seen)).toEqual([
    "recovers, not fails",
    "2 hits, not 1",
    "2000 ms, not at most 1000",
  ]);
});

test("a call that is still waiting did not fail", () => {
  expect(faults({ ends: "fails" }, { ...seen, ending: "still waiting" })).toEqual(["still waiting, not fails"]);
});

test("a figure that could not be measured is a fault", () => {
  const good = { figure: { name: "open connections", atMost: 2 } };
  expect(faults(good, seen)).toEqual(["no open connections"]);
  expect(faults(good, { ...seen, figure: 13 })).toEqual(["open connections 13, not at most 2"]);
  expect(faults(good, { ...seen, figure: 0 })).toEqual([]);
});

test("a rule that asks for nothing finds no fault", () => {
  expect(faults({}, { ...seen, ending: "fails" })).toEqual([]);
});

test("what is good is said in a few words", () => {
  expect(inWords({ ends: "fails", hits: 1, ms: { atLeast: 300, atMost: 1000 } })).toBe(
    "fails, 1 hit, at least 300 and at most 1000 ms",
  );
  expect(inWords({ figure: { name: "open connections", atMost: 2 } })).toBe("open connections at most 2");
});

import { expect, test } from "vitest";
import { details, legend, oddities, ranking, rulesTable, summary } from "./report.ts";
import type { Track } from "./track.ts";

const rules = [
  { rule: "a GET is retried", good: { ends: "recovers", hits: 2 } },
  { rule: "an abort ends the wait", good: { ends: "fails", figure: { name: "ms", atMost: 50 } } },
] as const;

const whole: Track = {
  name: "whole",
  observed: [
    { ending: "recovers", hits: 2, ms: 300, outcome: "" },
    { ending: "fails", hits: 1, ms: 1001, outcome: "Error: a | b", figure: 1 },
  ],
  strays: [],
};
const broken: Track = {
  name: "broken",
  observed: [{ ending: "fails", hits: 1, ms: 20, outcome: "Error: answered 503" }],
  strays: ["Error: late", "Error: late"],
  unable: "did not end within 5 ms",
};

test("the rules are numbered, with what is good beside them", () => {
  expect(rulesTable(rules)).toContain("| 1. a GET is retried       |     recovers, 2 hits |");
});

test("the summary has a line per client: hits, verdict and how many went well", () => {
  expect(summary(rules, [whole, broken])).toBe(
    `
| hits, and whether it went well |   1 |   2 | well |
| ------------------------------ | --: | --: | ---: |
| whole                          | 2 ✔ | 1 ✔ |    2 |
| broken                         | 1 ✘ |   – |    0 |`.trim(),
  );
});

test("the best client stands first", () => {
  expect(ranking(rules, [broken, whole])).toBe(
    `
| client | well, of 2 |
| ------ | ---------: |
| whole  |          2 |
| broken |          0 |`.trim(),
  );
});

test("the details show the figure of a rule that has one, and keep the table whole", () => {
  expect(details(rules[1], 1, [whole, broken])).toBe(
    `
### 2. an abort ends the wait

Good: fails, ms at most 50.

| client  | hits |   ms |  ms |              outcome |
| ------- | ---: | ---: | --: | -------------------: |
| ✔ whole |    1 | 1001 |   1 | fails: Error: a \\| b |
| broken  |    – |    – |   – |          did not run |`.trim(),
  );
});

test("a client that documents another default is said to", () => {
  const load = () => Promise.reject(new Error("not loaded here"));
  expect(
    legend([
      { name: "a", setUp: "`retry: 2`", load },
      { name: "b", setUp: "`limit: 2`", note: "documents that POST is not retried by default", load },
    ]),
  ).toBe("- **a**: `retry: 2`.\n- **b**: `limit: 2`. It documents that POST is not retried by default.");
});

test("what could not run is named with its reason, and the same stray error once", () => {
  expect(oddities([whole, broken])).toBe(
    "- **broken** did not run to the end: did not end within 5 ms\n- **broken** left a rejection that nobody can handle: Error: late",
  );
  expect(oddities([whole])).toBe("Every client ran to the end, and none left a rejection that nobody can handle.");
});

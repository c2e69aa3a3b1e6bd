import { describe, expect, test } from "vitest";
import { type Expected, judge } from "./judge.ts";
import type { Row } from "./row.ts";

const row: Row = {
  attempts: "429 → 200",
  waits: [2000],
  verdict: "rate_limit, quota",
  evidence: "status 429",
  outcome: "200",
  stop: "settled",
  note: "",
};
const expected: Expected = { ...row, waits: { times: 1, from: 1560, to: 2716 } };

describe("the judge", () => {
  test("finds nothing when everything is as expected", () => {
    expect(judge(row, expected)).toEqual([]);
  });

  test.each(["attempts", "verdict", "evidence", "outcome", "note"] as const)(
    "sees that %s came out otherwise",
    (column) => {
      expect(judge({ ...row, [column]: "else" }, expected)).toEqual([
        { column, expected: expected[column], got: "else" },
      ]);
    },
  );

  test("sees another stop reason", () => {
    expect(judge({ ...row, stop: "attempts" }, expected)).toEqual([
      { column: "stop", expected: "settled", got: "attempts" },
    ]);
  });

  test.each([
    [[1500], "1.5 s"],
    [[2717], "2.7 s"],
    [[], "none"],
    [[2000, 2000], "2 s, 2 s"],
  ])("sees waits of %j ms where one between 1.56 s and 2.716 s is due", (waits, got) => {
    expect(judge({ ...row, waits }, expected)).toEqual([{ column: "waits", expected: "1, each 1.6 s to 2.7 s", got }]);
  });

  test("sees a wait where none is due", () => {
    expect(judge(row, { ...expected, waits: null })).toEqual([{ column: "waits", expected: "none", got: "2 s" }]);
  });
});

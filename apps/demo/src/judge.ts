import { duration } from "./duration.ts";
import type { Row } from "./row.ts";

/** What a scenario must come to: literals, but for the waits, which are random on purpose. */
export interface Expected extends Omit<Row, "waits"> {
  /** How many waits, none shorter or longer than so many ms; `null` for none. */
  readonly waits: { readonly times: number; readonly from: number; readonly to: number } | null;
}

/** One column in which a scenario came out otherwise. */
export interface Difference {
  readonly column: keyof Row;
  readonly expected: string;
  readonly got: string;
}

const columns = ["attempts", "verdict", "evidence", "outcome", "stop", "note"] as const;

/** Everything that is not as expected; empty when the scenario passed. */
export function judge(row: Row, expected: Expected): readonly Difference[] {
  const differences: Difference[] = columns
    .filter((column) => row[column] !== expected[column])
    .map((column) => ({ column, expected: expected[column], got: row[column] }));
  const { times, from, to } = expected.waits ?? { times: 0, from: 0, to: 0 };
  if (row.waits.length !== times || row.waits.some((wait) => wait < from || wait > to)) {
    differences.push({
      column: "waits",
      expected: times === 0 ? "none" : `${times}, each ${duration(from)} to ${duration(to)}`,
      got: row.waits.map(duration).join(", ") || "none",
    });
  }
  return differences;
}

import type { Difference } from "./judge.ts";
import type { Paint } from "./paint.ts";
import { waitsText } from "./row.ts";
import type { Played, Scenario } from "./scenario.ts";
import { type Cell, table } from "./table.ts";
import { FailwellError } from "@failwell/fetch";

/** A scenario that was played, and how it differs from what was expected. */
export interface Result {
  readonly scenario: Scenario;
  /** `null` when it broke. */
  readonly played: Played | null;
  readonly differences: readonly Difference[];
  /** Why it broke. */
  readonly broke: string | null;
}

export function passed({ differences, broke }: Result): boolean {
  return broke === null && differences.length === 0;
}

const head: readonly Cell[] = [
  ["scenario", "what happens"],
  ["attempts", "waits"],
  ["verdict, fault", "evidence"],
  ["the caller got", "stop reason, the server's side"],
];

/** All results in one table. */
export function resultTable(results: readonly Result[], width: number, paint: Paint): string {
  const rows = results.map((result) => {
    const { scenario, played, differences, broke } = result;
    const row = played?.row;
    const cells: Cell[] = [
      [scenario.name, scenario.title],
      row === undefined ? ["-", ""] : [row.attempts, waitsText(row.waits)],
      row === undefined ? ["-", ""] : [row.verdict, row.evidence === "-" ? "" : row.evidence],
      row === undefined
        ? ["-", ""]
        : [row.outcome, [row.stop === "settled" ? "" : `stop: ${row.stop}`, row.note].filter(Boolean).join("\n")],
    ];
    const remarks = [
      ...differences.map(({ column, expected, got }) => `${column}: expected "${expected}", got "${got}"`),
      ...(broke === null ? [] : [broke]),
    ];
    return { passed: passed(result), cells, remarks };
  });
  return table(head, rows, width, paint);
}

/** One result as plain data. */
export function resultJson(result: Result): object {
  const { scenario, played, differences, broke } = result;
  const { name, title, expected } = scenario;
  const call = played?.call;
  const { error } = call ?? {};
  return {
    scenario: name,
    title,
    passed: passed(result),
    expected,
    got: played?.row ?? null,
    differences,
    broke,
    call:
      call === undefined
        ? null
        : {
            method: call.method,
            path: new URL(call.url).pathname,
            status: call.status,
            attempts: call.attempts,
            error: error === null ? null : FailwellError.is(error) ? error : { name: (error as Error).name },
          },
  };
}

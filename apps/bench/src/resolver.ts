/**
 * How right and how fast the resolver is on a file of cases.
 *
 *     node apps/bench/src/resolver.ts [file.ndjson]
 *
 * Without a file: the project's own fixtures, and any field under 100 % exits 1.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { resolve } from "@failwell/core";
import { type Case, readCases } from "./resolver/cases.ts";
import { arguedList, missList, scoreTable, speedText } from "./resolver/report.ts";
import { score } from "./resolver/score.ts";
import { hostileTimes, speedOf } from "./resolver/speed.ts";

const help = `usage: node apps/bench/src/resolver.ts [file.ndjson]

Scores the resolver on a file of cases, one JSON object per line (packages/core/fixtures/README.md says what is in
them), then times it against JSON.parse on the same bodies and on hostile ones. Without a file: the project's own
fixtures; then any field under 100 % exits 1.`;

const fixtures = fileURLToPath(new URL("../../../packages/core/fixtures/responses.ndjson", import.meta.url));

function main(): number {
  let file: string | undefined;
  let cases: Case[];
  try {
    const { values, positionals } = parseArgs({
      options: { help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    if (values.help === true) {
      console.log(help);
      return 0;
    }
    [file] = positionals;
    cases = readCases(file ?? fixtures);
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  const misses = score(cases, resolve);
  const unlabelled = score(cases, resolve, { label: false });
  console.log(scoreTable(cases, misses, unlabelled));
  if (misses.length > 0) console.log(`\n${missList(misses)}`);
  if (unlabelled.length > 0) console.log(`\nwithout the provider's name:\n${missList(unlabelled)}`);
  console.log(`\n${arguedList()}\n`);
  console.log(speedText(speedOf(cases, { warmUps: 300, rounds: 15, repeats: 20 }), hostileTimes()));
  return file === undefined && misses.length > 0 ? 1 : 0;
}

process.exitCode = main();

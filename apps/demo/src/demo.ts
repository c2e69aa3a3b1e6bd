import { resilient } from "@failwell/fetch";
import { duration } from "./duration.ts";
import { explain } from "./explain.ts";
import { watchdog } from "./interruption.ts";
import { help, type Options, readOptions, UsageError } from "./options.ts";
import { type Paint, paintFor } from "./paint.ts";
import { play } from "./play.ts";
import { progressOn, type ProgressStream } from "./progress.ts";
import { startProvider } from "./provider.ts";
import { passed, type Result, resultJson, resultTable } from "./report.ts";
import { fastClock } from "./scale.ts";
import type { Scenario } from "./scenario.ts";
import { wrap } from "./wrap.ts";

/** What the demo needs from the process it runs in. */
export interface Surroundings {
  readonly scenarios: readonly Scenario[];
  readonly stdout: ProgressStream;
  readonly stderr: ProgressStream;
  readonly env: NodeJS.ProcessEnv;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** The failure that is explained in full, when it is among those that were played. */
const EXPLAINED = "rate-limit-stays";

/**
 * The whole demo.
 *
 * @returns the exit code: 0 all as expected, 1 not, 2 a wrong option
 * @throws the signal's reason
 */
export async function demo(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { scenarios, stdout, stderr } = surroundings;
  let options: Options;
  try {
    options = readOptions(
      args,
      scenarios.map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`${error.message}\n--help says what there is\n`);
    return 2;
  }
  if (options.help) stdout.write(help);
  else if (options.list) stdout.write(listOf(scenarios));
  else return run(options, surroundings);
  return 0;
}

function listOf(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join("");
}

async function run(options: Options, { scenarios, stdout, stderr, env, signal }: Surroundings): Promise<number> {
  const { scale, json } = options;
  const chosen = scenarios.filter(({ name }) => options.scenarios.length === 0 || options.scenarios.includes(name));
  const paint = paintFor(stdout, env);
  if (!json) stdout.write(`${wrap(header(scale, chosen.length), stdout.columns ?? 120).join("\n")}\n\n`);

  const startedMs = performance.now();
  const clock = fastClock(scale);
  const provider = await startProvider(clock);
  const progress = progressOn(stderr, chosen.length);
  let results: Result[];
  try {
    // The first call loads the HTTP client and the dialects: at this speed that would look like seconds.
    await resilient(fetch)(provider.origin);
    results = await play(chosen, { provider, clock, signal: AbortSignal.any([signal, watchdog(scale)]), progress });
  } finally {
    progress.clear();
    await provider.close();
  }

  if (json) for (const result of results) stdout.write(`${JSON.stringify(resultJson(result))}\n`);
  else stdout.write(page(results, performance.now() - startedMs, stdout.columns ?? 120, paint));
  const failed = results.filter((result) => !passed(result)).length;
  if (failed > 0) stderr.write(`${failed} of ${results.length} scenarios did not end as expected\n`);
  return failed > 0 ? 1 : 0;
}

function header(scale: number, count: number): string {
  const speed = `1 s here is ${duration(scale * 1000)}`;
  return `${plural(count)} over real HTTP, time scale ${scale}: ${speed}. Times are told unscaled, so 1 ms of overhead is ${scale} ms.`;
}

function plural(count: number): string {
  return count === 1 ? "1 scenario" : `${count} scenarios`;
}

function page(results: readonly Result[], realMs: number, width: number, paint: Paint): string {
  const failed = results.filter((result) => !passed(result)).length;
  const outcome = failed === 0 ? paint("green", "all as expected") : paint("red", `${failed} not as expected`);
  const subject = results.find(({ scenario }) => scenario.name === EXPLAINED) ?? results.find(isFailure);
  const story =
    subject?.played == null
      ? ""
      : `\n${paint("bold", `One failure in full: ${subject.scenario.name} (${subject.scenario.title})`)}\n\n` +
        `${explain(subject.played.call, Math.min(width, 120), paint)}\n`;
  return (
    `${resultTable(results, Math.min(width, 120), paint)}\n` +
    `${plural(results.length)} in ${(realMs / 1000).toFixed(1)} s: ${outcome}\n${story}`
  );
}

function isFailure({ played }: Result): boolean {
  return played !== null && (played.call.verdict !== null || played.call.error !== null);
}

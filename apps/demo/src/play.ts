import { once } from "node:events";
import type { Clock } from "@failwell/core";
import { judge } from "./judge.ts";
import type { Progress } from "./progress.ts";
import type { Provider } from "./provider.ts";
import type { Result } from "./report.ts";
import { type Scenario, stageFor } from "./scenario.ts";

/** How many scenarios are played at once: they wait most of the time, and do not get into each other's way. */
const LANES = 4;

export interface Setting {
  readonly provider: Provider;
  readonly clock: Clock;
  /** Ends all of it. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * Plays scenarios, and gives their results in the same order.
 *
 * @throws the signal's reason
 */
export async function play(scenarios: readonly Scenario[], setting: Setting): Promise<Result[]> {
  const results: Result[] = [];
  const queue = scenarios.entries();
  const lane = async (): Promise<void> => {
    for (const [index, scenario] of queue) results[index] = await playOne(scenario, setting);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

async function playOne(scenario: Scenario, { provider, clock, signal, progress }: Setting): Promise<Result> {
  signal.throwIfAborted();
  const { name, expected } = scenario;
  const startedMs = performance.now();
  progress.started(name);
  let result: Result;
  const done = new AbortController();
  try {
    const ended = once(signal, "abort", { signal: done.signal }).then(
      () => null,
      () => null,
    );
    const played = await Promise.race([scenario.run(stageFor(name, provider, clock, signal)), ended]);
    signal.throwIfAborted();
    result = { scenario, played, differences: judge(played!.row, expected), broke: null };
  } catch (error) {
    signal.throwIfAborted();
    result = { scenario, played: null, differences: [], broke: `broke: ${String(error)}` };
  } finally {
    done.abort();
  }
  progress.finished(name, result.broke === null && result.differences.length === 0, performance.now() - startedMs);
  return result;
}

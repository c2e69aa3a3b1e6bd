import { type Outcome, resolve } from "@failwell/core";
import { type Case, errorOf, isThrown } from "./cases.ts";
import { hostile } from "./hostile.ts";

/** Microseconds per case, and how they compare. */
export interface Speed {
  readonly resolve: number;
  readonly parse: number;
  readonly ratio: number;
}

/** Extent of a measurement. */
export interface Extent {
  readonly warmUps: number;
  readonly rounds: number;
  readonly repeats: number;
}

/** Times resolve on every case against JSON.parse on the same bodies, in alternating rounds; medians. */
export function speedOf(cases: readonly Case[], { warmUps, rounds, repeats }: Extent): Speed {
  const bodies = cases.filter((one) => !isThrown(one)).map(({ body }) => body);
  const calls = cases.map((one) => [textOutcome(one), { now: 0, provider: one.provider }] as const);
  const resolveAll = (): void => {
    for (const [outcome, options] of calls) resolve(outcome, options);
  };
  const parseAll = (): void => {
    for (const body of bodies) attempt(() => JSON.parse(body));
  };
  for (let index = 0; index < warmUps; index++) {
    resolveAll();
    parseAll();
  }
  const resolved: number[] = [];
  const parsed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    resolved.push((timed(resolveAll, repeats) * 1000) / repeats / Math.max(1, calls.length));
    parsed.push((timed(parseAll, repeats) * 1000) / repeats / Math.max(1, bodies.length));
  }
  return {
    resolve: median(resolved),
    parse: median(parsed),
    // Of the whole file, so that cases without a body do not count for nothing.
    ratio: median(resolved.map((time, round) => (time * calls.length) / (parsed[round]! * bodies.length))),
  };
}

function textOutcome(one: Case): Outcome {
  return isThrown(one) ? { error: errorOf(one.thrown) } : { status: one.status!, headers: one.headers, body: one.body };
}

/** Milliseconds for each hostile body, the best of three as the worst of three statuses. */
export function hostileTimes(): { name: string; ms: number }[] {
  return Object.entries(hostile)
    .map(([name, body]) => {
      const times = [200, 429, 500].map((status) => {
        const outcome = { status, headers: {}, body };
        return Math.min(...[1, 2, 3].map(() => timed(() => resolve(outcome), 1)));
      });
      return { name, ms: Math.max(...times) };
    })
    .toSorted((a, b) => b.ms - a.ms);
}

function timed(run: () => void, repeats: number): number {
  const start = performance.now();
  for (let index = 0; index < repeats; index++) run();
  return performance.now() - start;
}

function attempt(run: () => unknown): void {
  try {
    run();
  } catch {
    // A body that is no JSON costs an exception, here as there.
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

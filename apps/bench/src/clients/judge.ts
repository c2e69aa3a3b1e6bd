import type { Bounds, Ending, Good } from "./scenario.ts";

/** What became of one client in one scenario. */
export interface Observed {
  readonly ending: Ending;
  readonly hits: number;
  readonly ms: number;
  /** What the caller got to see, or how the figure came about. */
  readonly outcome: string;
  readonly figure?: number;
}

/** Says what is wrong with what was observed, in parts of sentences; nothing when all of it is good. */
export function faults({ ends, hits, ms, figure }: Good, observed: Observed): readonly string[] {
  const wrong: string[] = [];
  if (ends && observed.ending !== ends) wrong.push(`${observed.ending}, not ${ends}`);
  if (hits !== undefined && observed.hits !== hits) wrong.push(`${count(observed.hits)}, not ${hits}`);
  if (ms && !within(ms, observed.ms)) wrong.push(`${observed.ms} ms, not ${bounds(ms)}`);
  if (figure && observed.figure === undefined) wrong.push(`no ${figure.name}`);
  else if (figure && !within(figure, observed.figure!))
    wrong.push(`${figure.name} ${observed.figure}, not ${bounds(figure)}`);
  return wrong;
}

/** What is good, in a few words. */
export function inWords({ ends, hits, ms, figure }: Good): string {
  const words: string[] = [];
  if (ends) words.push(ends);
  if (hits !== undefined) words.push(count(hits));
  if (ms) words.push(`${bounds(ms)} ms`);
  if (figure) words.push(`${figure.name} ${bounds(figure)}`);
  return words.join(", ");
}

function within({ atLeast = -Infinity, atMost = Infinity }: Bounds, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

function bounds({ atLeast, atMost }: Bounds): string {
  const from = atLeast === undefined ? [] : [`at least ${atLeast}`];
  const to = atMost === undefined ? [] : [`at most ${atMost}`];
  return [...from, ...to].join(" and ");
}

function count(hits: number): string {
  return hits === 1 ? "1 hit" : `${hits} hits`;
}

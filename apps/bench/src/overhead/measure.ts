import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Contender } from "./contenders.ts";

/** How much is measured. */
export interface Extent {
  /** Before anything counts, per contender, in ms: enough for the compiler to finish. */
  readonly warmUpMs: number;
  readonly rounds: number;
  /** About, per contender and round. */
  readonly roundMs: number;
}

setFlagsFromString("--expose-gc");
// Code that rests while the others run would be thrown away by the collections between.
setFlagsFromString("--no-flush-bytecode");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * Measures what each contender adds to the bare call, in µs per call: one figure per round.
 *
 * The contenders alternate, so that a slow second of the machine hits all of them.
 */
export async function overheads(contenders: readonly Contender[], extent: Extent): Promise<readonly number[][]> {
  const calls: number[] = [];
  for (const contender of contenders) calls.push(await warmUp(contender, extent));
  const figures: number[][] = contenders.map(() => []);
  for (let round = 0; round < extent.rounds; round++) {
    for (const [index, { call, bare }] of contenders.entries()) {
      const count = calls[index]!;
      const whole = await perCall(call, count);
      figures[index]!.push(whole - (await perCall(bare, count)));
    }
  }
  return figures;
}

/** Calls until it is fast, and returns how many calls fill a round. */
async function warmUp({ call, bare }: Contender, { warmUpMs, roundMs }: Extent): Promise<number> {
  const start = performance.now();
  let calls = 500;
  for (;;) {
    await perCall(bare, calls);
    const micros = await perCall(call, calls);
    if (performance.now() - start >= warmUpMs) return Math.ceil((roundMs * 1000) / micros);
    calls = Math.min(calls * 2, Math.ceil((roundMs * 1000) / micros));
  }
}

/** µs per call. Everybody pays for the removal of what they leave behind, and only for that. */
async function perCall(call: () => Promise<unknown>, calls: number): Promise<number> {
  collectGarbage();
  await setImmediate();
  // A collection while no call is under way makes the engine forget what it knew: a service never gets there.
  await repeat(call, calls);
  const calling = await repeat(call, calls);
  const clearing = await timed(async () => {
    collectGarbage();
    await setImmediate();
  });
  return ((calling + clearing / 2) * 1000) / calls; // what was cleared is of both repetitions
}

function repeat(call: () => Promise<unknown>, times: number): Promise<number> {
  return timed(async () => {
    for (let done = 1; done <= times; done++) {
      await call();
      // A turn of the event loop now and then, as in real life: abandoned timers are cleared in one.
      if (done % 50 === 0) await setImmediate();
    }
  });
}

/** How long it takes, in ms. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}

/** Where the middle half of some figures lies. */
export function middleHalf(figures: readonly number[]): readonly [from: number, to: number] {
  return [quantile(figures, 0.25), quantile(figures, 0.75)];
}

function quantile(figures: readonly number[], at: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place % 1);
}

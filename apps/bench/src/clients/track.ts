import { Worker } from "node:worker_threads";
import type { Observed } from "./judge.ts";

/** What a worker tells about its client. */
export type Told =
  | { readonly index: number; readonly observed: Observed }
  | { readonly stray: string }
  | { readonly unable: string }
  | { readonly done: true };

/** What became of one client. */
export interface Track {
  readonly name: string;
  /** By the number of the scenario; a hole where it never ended. */
  readonly observed: readonly (Observed | undefined)[];
  /** Why it could not run, or not to the end. */
  readonly unable?: string;
  /** Errors that nobody could have handled. */
  readonly strays: readonly string[];
}

/**
 * Puts clients through all scenarios, a few at a time.
 *
 * Each has a thread of its own, so that one that spins, waits for days or leaves something behind disturbs nobody and
 * ends with its thread.
 */
export async function tracks(names: readonly string[], { atOnce = 5, limitMs = 40_000 } = {}): Promise<Track[]> {
  const found: Track[] = [];
  const waiting = [...names.entries()];
  async function lane(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) found[next[0]] = await track(next[1], limitMs);
  }
  await Promise.all(Array.from({ length: atOnce }, lane));
  return found;
}

async function track(name: string, limitMs: number): Promise<Track> {
  const observed: Observed[] = [];
  const strays: string[] = [];
  // Warnings of a client, such as one about a timer that is too long, are no part of the tables.
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: name, stdout: true, stderr: true });
  let limit: NodeJS.Timeout | undefined;
  const unable = await new Promise<string | undefined>((resolve) => {
    limit = setTimeout(resolve, limitMs, `did not end within ${limitMs} ms`);
    worker.on("error", (error: Error) => resolve(error.message));
    worker.on("exit", (code) => resolve(`its thread ended with code ${code}`));
    worker.on("message", (told: Told) => {
      if ("observed" in told) observed[told.index] = told.observed;
      else if ("stray" in told) strays.push(told.stray);
      else resolve("unable" in told ? told.unable : undefined);
    });
  });
  clearTimeout(limit);
  await worker.terminate();
  return { name, observed, strays, ...(unable !== undefined && { unable }) };
}

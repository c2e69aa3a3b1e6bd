import type { FetchPolicy } from "@failwell/fetch";
import { type Call, type Caller, type CallInit, makeCaller } from "./call.ts";
import type { Clock } from "@failwell/core";
import type { Expected } from "./judge.ts";
import type { Act, Corner, Provider } from "./provider.ts";
import { type Row, rowOf } from "./row.ts";

/** One way to fail, and how it must end. */
export interface Scenario {
  /** For `--scenario`. */
  readonly name: string;
  /** What happens, in a few words. */
  readonly title: string;
  readonly expected: Expected;
  run(stage: Stage): Promise<Played>;
}

/** What came of a scenario. */
export interface Played {
  readonly row: Row;
  /** The call that is worth explaining. */
  readonly call: Call;
}

/** What a scenario is played on. */
export interface Stage {
  /** Aborts when the demo is to end. */
  readonly signal: AbortSignal;
  /** Opens a provider that does one of these after the other, and the last of them again and again. */
  plays(...acts: readonly Act[]): Corner;
  /** The same at an address that refuses connections until `listen` is called. */
  closed(...acts: readonly Act[]): Promise<Corner & { listen(): void }>;
  client(policy?: FetchPolicy): Caller;
}

export function stageFor(name: string, provider: Provider, clock: Clock, signal: AbortSignal): Stage {
  return {
    signal,
    plays: (...acts) => provider.corner(name, acts),
    closed: (...acts) => provider.closedCorner(name, acts),
    client: (policy = {}) => makeCaller(policy, clock, signal),
  };
}

/** The usual scenario: one provider, one client, one call. */
export function oneCall(
  acts: readonly Act[],
  request: CallInit & { readonly path: string },
  { policy, note }: { readonly policy?: FetchPolicy; readonly note?: (corner: Corner) => string } = {},
): Scenario["run"] {
  const { path, ...init } = request;
  return async (stage) => {
    const corner = stage.plays(...acts);
    const call = await stage.client(policy)(corner.url + path, init);
    await corner.quiet();
    return { call, row: rowOf(call, noted(call, corner, note?.(corner) ?? "")) };
  };
}

/** Adds to a note what must not happen: fewer or more requests than attempts, or one that came before its time. */
export function noted({ attempts }: Call, { sightings }: Corner, note: string): string {
  if (sightings.length !== attempts.length) return `${note} the provider saw ${sightings.length} requests`.trim();
  const early = attempts.findIndex(({ waitMs }, index) => {
    const next = sightings[index + 1];
    return next !== undefined && next.arrivedMs - sightings[index]!.arrivedMs < (waitMs ?? 0);
  });
  return early < 0 ? note : `${note} request ${early + 2} came too early`.trim();
}

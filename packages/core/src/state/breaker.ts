import {
  type Admission,
  type BreakerOutcome,
  type BreakerState,
  Circuit,
  type CircuitRules,
  isSlip,
  type Permit,
} from "./circuit.ts";
import { type Clock, MAX_TIMER_MS, systemClock } from "../retry/clock.ts";
import { tell, within } from "./port.ts";

export type { Admission, BreakerOutcome, BreakerState, Permit };

/**
 * Stops calling what keeps failing, probes it, and comes back slowly.
 * A port: a shared store may stand behind it, so its answers may be promises.
 */
export interface Breaker {
  admit(key: string): Admission | PromiseLike<Admission>;
  /**
   * Says what became of an admitted call. If the call was admitted in an older generation, or is settled already,
   * nothing changes.
   *
   * @param retryAfterMs the server's hint: an opening lasts at least as long, up to 1 h
   */
  settle(permit: Permit, outcome: BreakerOutcome, retryAfterMs?: number | null): void | PromiseLike<void>;
  /** The state as known here and now, without asking a store. Takes no permit. */
  state?(key: string): BreakerState;
  /** Milliseconds until a call may be admitted, as known here and now; 0 = now. Takes no permit. */
  remaining?(key: string): number;
}

/** A breaker in this process: it answers at once. */
export interface MemoryBreaker extends Breaker {
  admit(key: string): Admission;
  settle(permit: Permit, outcome: BreakerOutcome, retryAfterMs?: number | null): void;
  state(key: string): BreakerState;
  remaining(key: string): number;
  /** Refuses every call with this key until all who isolated it have called the function they got. */
  isolate(key: string): () => void;
}

/** A breaker changed its state. What time alone changes is told at the next look at the key. */
export interface BreakerChange {
  readonly key: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** For how long it opened; `null` when it did not. */
  readonly retryAfterMs: number | null;
}

/** When a breaker opens, for how long, and how it comes back. Times in ms. */
export interface BreakerOptions {
  /** Opens after so many failures in a row, none longer than `windowMs` apart: 5; `Infinity` for never. */
  readonly consecutive?: number | undefined;
  /** Opens when failures / (successes + failures) in the window reach this: 0.5. */
  readonly rate?: number | undefined;
  /** The fewest calls in the window that `rate` judges: 20; `Infinity` for never. */
  readonly minCalls?: number | undefined;
  /** 10 s. */
  readonly windowMs?: number | undefined;
  /** The first opening: 5 s, of which half is random. Twice that when it has to open again, and so on. */
  readonly openMs?: number | undefined;
  /** 300 s. A server's hint may ask for more, up to 1 h. */
  readonly maxOpenMs?: number | undefined;
  /** Calls in flight at most while it is not known whether the dependency is back: 1. */
  readonly probes?: number | undefined;
  /** After so long a probe keeps no other out: 30 s. Its outcome still counts. */
  readonly probeLeaseMs?: number | undefined;
  /** The share of calls admitted once a probe succeeded: 0.05, and 1.3 times more each second; 1 for all at once. */
  readonly ramp?: number | undefined;
  /** Keys remembered at most: 1000. The closed one that was not used for longest makes room, then the open one. */
  readonly maxKeys?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Numbers in [0, 1). */
  readonly random?: (() => number) | undefined;
  readonly onChange?: ((change: BreakerChange) => void) | undefined;
}

/**
 * Makes a breaker in memory. One serves many keys: an origin, or an origin and a credential, never a whole URL.
 *
 * @throws {RangeError} an option out of its range
 */
export function createBreaker(options: BreakerOptions = {}): MemoryBreaker {
  const { consecutive = 5, rate = 0.5, minCalls = 20, windowMs = 10_000, openMs = 5000, maxOpenMs = 300_000 } = options;
  const { probes = 1, probeLeaseMs = 30_000, ramp = 0.05, maxKeys = 1000, clock = systemClock } = options;
  const { random = Math.random, onChange } = options;
  within("consecutive", consecutive, 1);
  within("rate", rate, 0.01, 1);
  within("minCalls", minCalls, 1);
  within("windowMs", windowMs, 1, MAX_TIMER_MS);
  within("maxOpenMs", maxOpenMs, 1, MAX_TIMER_MS);
  within("openMs", openMs, 1, maxOpenMs);
  within("probes", probes, 1);
  within("probeLeaseMs", probeLeaseMs, 1);
  within("ramp", ramp, 0.02, 1);
  within("maxKeys", maxKeys, 1);

  let generations = 0;
  let uses = 0;
  const circuits = new Map<string, Circuit>();
  const rules: CircuitRules = {
    consecutive,
    rate,
    minCalls,
    windowMs,
    openMs,
    maxOpenMs,
    probes,
    probeLeaseMs,
    ramp,
    clock,
    random,
    nextGeneration: () => ++generations,
    onMove: (key, from, to, retryAfterMs) => tell(onChange, { key, from, to, retryAfterMs }),
  };

  function circuitOf(key: string): Circuit {
    let circuit = circuits.get(key);
    if (circuit === undefined) {
      if (circuits.size >= maxKeys) makeRoom();
      circuit = new Circuit(key, rules);
      circuits.set(key, circuit);
    }
    circuit.lastUse = ++uses;
    return circuit;
  }

  function makeRoom(): void {
    let least = Infinity;
    let victim: string | undefined;
    for (const [key, { state, lastUse }] of circuits) {
      // What a person isolated stays isolated, even beyond `maxKeys`.
      const worth = state === "isolated" ? Infinity : state === "closed" ? lastUse : uses + lastUse;
      if (worth < least) [victim, least] = [key, worth];
    }
    if (victim !== undefined) circuits.delete(victim);
  }

  return {
    admit: (key) => circuitOf(key).admit(),
    settle(permit, outcome, retryAfterMs) {
      if (isSlip(permit)) circuits.get(permit.key)?.settle(permit, outcome, retryAfterMs ?? 0);
    },
    state: (key) => circuits.get(key)?.look(clock.now()) ?? "closed",
    remaining: (key) => circuits.get(key)?.remaining(clock.now()) ?? 0,
    isolate: (key) => circuitOf(key).isolate(),
  };
}

import type { Clock } from "../retry/clock.ts";
import { MAX_HOLD_MS } from "./cooldown.ts";
import { count, failureRate, type FailureWindow, failureWindow } from "./failure-window.ts";
import { climb, pass, type Ramp, RAMP_STEP_MS, startRamp } from "./ramp.ts";

/**
 * - `closed`: every call is admitted
 * - `open`: none is, until its time is over
 * - `halfOpen`: first a few probes; after one succeeded, a growing share of the calls
 * - `isolated`: none is, until a person says so
 */
export type BreakerState = "closed" | "open" | "halfOpen" | "isolated";

/** `ignored` says nothing about the dependency: the caller aborted, or a local rule refused the call. */
export type BreakerOutcome = "success" | "failure" | "ignored";

/** One call that was admitted. It goes back with its outcome, to the breaker it came from. */
export interface Permit {
  readonly key: string;
  /** Grows with each change of state that outdates the calls before it. */
  readonly generation: number;
}

/** May this call go? If not, when to ask again: `Infinity` while isolated. */
export type Admission =
  | { readonly admitted: true; readonly permit: Permit }
  | { readonly admitted: false; readonly retryAfterMs: number; readonly state: Exclude<BreakerState, "closed"> };

/** A permit, and what its circuit remembers with it. */
export interface Slip extends Permit {
  /** Until when a probe keeps others out; 0 for a call through a closed circuit. */
  readonly leaseEnd: number;
  settled: boolean;
}

/** Is this a permit of a circuit, not of another kind of breaker? */
export function isSlip(permit: Permit): permit is Slip {
  return "leaseEnd" in permit;
}

/** What all circuits of a breaker have in common. */
export interface CircuitRules {
  readonly consecutive: number;
  readonly rate: number;
  readonly minCalls: number;
  readonly windowMs: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly probes: number;
  readonly probeLeaseMs: number;
  readonly ramp: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** One counter for all: a key that was forgotten never gets a generation that an old permit could match. */
  readonly nextGeneration: () => number;
  readonly onMove: (key: string, from: BreakerState, to: BreakerState, retryAfterMs: number | null) => void;
}

/** The life of one key. No timer runs: what time alone should have done is done at the next look. */
export class Circuit {
  state: BreakerState = "closed";
  /** Set by the breaker: the larger, the later. */
  lastUse = 0;
  readonly #key: string;
  readonly #rules: CircuitRules;
  #generation: number;
  #window: FailureWindow;
  /** The length of the last opening without jitter and hint; 0 before the first. */
  #openingMs = 0;
  #openEnd = 0;
  #closedSince = 0;
  #probes: readonly Slip[] = [];
  /** Only while half-open, after a probe succeeded. */
  #ramp: Ramp | null = null;
  #isolations = 0;
  /** The state that isolation interrupted. */
  #before: BreakerState = "closed";

  constructor(key: string, rules: CircuitRules) {
    this.#key = key;
    this.#rules = rules;
    this.#generation = rules.nextGeneration();
    this.#window = failureWindow(rules.windowMs);
  }

  admit(): Admission {
    if (this.state === "closed") return { admitted: true, permit: this.#permit(0) };
    const now = this.#rules.clock.now();
    const state = this.look(now);
    const retryAfterMs = this.#ramp === null || pass(this.#ramp) ? this.remaining(now) : RAMP_STEP_MS;
    if (retryAfterMs > 0 && state !== "closed") return { admitted: false, retryAfterMs, state };
    const permit = this.#permit(now + this.#rules.probeLeaseMs);
    if (this.#probing()) this.#probes = [...this.#probes.filter(({ leaseEnd }) => leaseEnd > now), permit];
    return { admitted: true, permit };
  }

  settle(slip: Slip, outcome: BreakerOutcome, hintMs: number): void {
    const { clock, ramp, random } = this.#rules;
    const now = clock.now();
    this.look(now);
    if (slip.settled || slip.generation !== this.#generation) return;
    slip.settled = true;
    if (slip.leaseEnd > 0) this.#probes = this.#probes.filter((probe) => probe !== slip);
    if (outcome === "ignored") return;
    const failed = outcome === "failure";
    count(this.#window, now, failed);
    if (this.#ramp !== null) this.#ramp[failed ? "failed" : "succeeded"] = true;
    if (failed) {
      if (this.#probing() || this.#tripped()) this.#open(now, hintMs);
    } else if (this.#probing()) {
      if (ramp < 1) this.#ramp = startRamp(now, ramp, random());
      else this.#close(now);
    }
  }

  /** The state, with all that is due by `now`. */
  look(now: number): BreakerState {
    if (this.state === "open" && now >= this.#openEnd) {
      this.#probes = [];
      this.#move("halfOpen");
    }
    if (this.#ramp !== null && climb(this.#ramp, now)) this.#close(now);
    return this.state;
  }

  /** Milliseconds until a call may be admitted. */
  remaining(now: number): number {
    const state = this.look(now);
    if (state === "isolated") return Infinity;
    if (state === "open") return this.#openEnd - now;
    const { probes, openMs } = this.#rules;
    if (!this.#probing() || this.#probes.length < probes) return 0;
    // A probe is usually faster than its lease is long.
    return Math.max(0, Math.min(openMs, ...this.#probes.map(({ leaseEnd }) => leaseEnd - now)));
  }

  /** Refuses every call until the last of those who isolated it calls what it got. */
  isolate(): () => void {
    if (this.#isolations++ === 0) {
      this.#before = this.state;
      this.#ramp = null;
      this.#move("isolated");
    }
    let held = true;
    return () => {
      if (held && --this.#isolations === 0) this.#resume();
      held = false;
    };
  }

  #resume(): void {
    if (this.#before === "closed") this.#move("closed");
    else this.#move("open", Math.max(0, this.#openEnd - this.#rules.clock.now()));
  }

  #permit(leaseEnd: number): Slip {
    return { key: this.#key, generation: this.#generation, leaseEnd, settled: false };
  }

  #probing(): boolean {
    return this.state === "halfOpen" && this.#ramp === null;
  }

  #tripped(): boolean {
    const { consecutive, minCalls, rate } = this.#rules;
    if (this.#window.inARow >= consecutive) return true;
    // On the ramp a failure rate only slows the return down: there the share is what is controlled.
    const seen = failureRate(this.#window);
    return this.state === "closed" && seen.calls >= minCalls && seen.rate >= rate;
  }

  #open(now: number, hintMs: number): void {
    const { openMs, maxOpenMs, windowMs, random } = this.#rules;
    const again = this.state !== "closed" || now - this.#closedSince < this.#openingMs;
    this.#openingMs = again ? Math.min(this.#openingMs * 2, maxOpenMs) : openMs;
    const half = this.#openingMs / 2;
    const hint = hintMs > 0 ? Math.min(hintMs, MAX_HOLD_MS) : 0;
    // Jitter comes on top of a hint, never off it.
    const waitMs = Math.max(half, hint) + random() * half;
    this.#openEnd = now + waitMs;
    this.#window = failureWindow(windowMs);
    this.#ramp = null;
    this.#move("open", waitMs);
  }

  #close(now: number): void {
    this.#ramp = null;
    this.#closedSince = now;
    this.#move("closed");
  }

  #move(to: BreakerState, retryAfterMs: number | null = null): void {
    const from = this.state;
    this.state = to;
    // Closing outdates nothing: the outcome of a probe, or of a call on the ramp, is still evidence.
    if (to !== "closed") this.#generation = this.#rules.nextGeneration();
    this.#rules.onMove(this.#key, from, to, retryAfterMs);
  }
}

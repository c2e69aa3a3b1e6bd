import { type Clock, systemClock } from "../retry/clock.ts";
import { within } from "./port.ts";

/**
 * Holds back every call with the same key: one answer that says "come back in 20 s" speaks for all of them.
 * A port: a shared store may stand behind it, so its answers may be promises.
 */
export interface Cooldown {
  /** True when no key is held, so that the key of a call need not be computed; absent when that is not known. */
  readonly idle?: boolean;
  /** Milliseconds until calls with this key may go again; 0 = now. */
  remaining(key: string): number | PromiseLike<number>;
  /** Holds back every call with this key for `ms` from now; a longer hold that is already there stays. */
  hold(key: string, ms: number): void | PromiseLike<void>;
}

/** A cool-down in this process: it answers at once. */
export interface MemoryCooldown extends Cooldown {
  readonly idle: boolean;
  remaining(key: string): number;
  hold(key: string, ms: number): void;
}

/** How much a cool-down keeps, and for how long. */
export interface CooldownOptions {
  /** How many keys are held at most; the hold that ends first makes room for a new one. */
  readonly maxKeys?: number | undefined;
  /** The longest hold, in ms. */
  readonly maxHoldMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * The longest that one hint is believed on behalf of other calls: 1 h. A wrong hint ("in 30 days", a date of next
 * year) must not silence an origin for as long as the process lives; a right one is learned again from one answer.
 */
export const MAX_HOLD_MS = 3_600_000;

/** Makes a cool-down in memory, for all calls of this process. */
export function createCooldown(options: CooldownOptions = {}): MemoryCooldown {
  const { maxKeys = 1000, maxHoldMs = MAX_HOLD_MS, clock = systemClock } = options;
  within("maxKeys", maxKeys, 1);
  within("maxHoldMs", maxHoldMs, 0);
  const ends = new Map<string, number>();
  let lastEnd = 0;

  function makeRoom(): void {
    let first = "";
    let firstEnd = Infinity;
    for (const [key, end] of ends) {
      if (end <= firstEnd) [first, firstEnd] = [key, end];
    }
    ends.delete(first);
  }

  return {
    get idle() {
      if (ends.size > 0 && lastEnd <= clock.now()) ends.clear();
      return ends.size === 0;
    },
    remaining(key) {
      const end = ends.get(key);
      if (end === undefined) return 0;
      const left = end - clock.now();
      if (left > 0) return left;
      ends.delete(key);
      return 0;
    },
    hold(key, ms) {
      within("hold", ms, 0);
      const now = clock.now();
      const end = now + Math.min(ms, maxHoldMs);
      const before = ends.get(key);
      if (end <= (before ?? now)) return;
      if (before === undefined && ends.size >= maxKeys) makeRoom();
      ends.set(key, end);
      lastEnd = Math.max(lastEnd, end);
    },
  };
}

/**
 * Names what one hint speaks for: an origin, and the credential it was asked with. One user's quota must not stop
 * another's calls, so the origin alone is not enough. Serves cool-down and breaker.
 *
 * The credential itself is not in the key, only 53 bits of a hash. They tell credentials apart and are not meant to
 * keep a guessable one secret: do not publish keys.
 */
export function cooldownKey(origin: string, credential: string | null): string {
  return credential === null ? origin : `${origin}#${hash53(credential)}`;
}

// Two lanes of 32 bits, multiplied and turned per character, then mixed crosswise. Fast, not cryptographic.
function hash53(text: string): string {
  let a = 0x243f6a88;
  let b = 0x13198a2e;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = turn(Math.imul(a ^ code, 0x9e3779b1), 15);
    b = turn(Math.imul(b ^ code, 0x85ebca6b), 13);
  }
  a = mix(a ^ (b >>> 16) ^ text.length);
  b = mix(b ^ a);
  return ((b >>> 11) * 2 ** 32 + (a >>> 0)).toString(36);
}

function turn(lane: number, bits: number): number {
  return (lane << bits) | (lane >>> (32 - bits));
}

function mix(lane: number): number {
  const once = Math.imul(lane ^ (lane >>> 16), 0xc2b2ae35);
  const twice = Math.imul(once ^ (once >>> 13), 0x27d4eb2f);
  return twice ^ (twice >>> 16);
}

import { describe, expect, test } from "vitest";

import { type CooldownOptions, cooldownKey, createCooldown, type MemoryCooldown } from "./cooldown.ts";
import type { Clock } from "../retry/clock.ts";
import { jumpingClock } from "../testing/jumping-clock.ts";
import { cooldownContract } from "../testing/port-contracts.ts";
import { seededRandom } from "../testing/seeded-random.ts";

/** A cool-down at time 0, and a hand on its clock. */
function held(options: CooldownOptions = {}): { readonly cooldown: MemoryCooldown; readonly at: (ms: number) => void } {
  let now = 0;
  const clock: Clock = { ...jumpingClock(), now: () => now };
  return { cooldown: createCooldown({ ...options, clock }), at: (ms) => void (now = ms) };
}

describe("a cool-down in memory keeps the contract", () => {
  const cases = cooldownContract(() => {
    const clock = jumpingClock();
    return { port: createCooldown({ clock }), advance: (ms) => clock.advance(ms) };
  });
  test.each(cases)("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe("a hold", () => {
  test("never ends early, to the fraction of a millisecond", () => {
    const { cooldown, at } = held();
    cooldown.hold("a", 1500.5);
    at(1500.4);
    expect(cooldown.remaining("a")).toBeCloseTo(0.1, 6);
    at(1500.5);
    expect(cooldown.remaining("a")).toBe(0);
  });

  test("of 0 ms holds nothing", () => {
    const { cooldown } = held();
    cooldown.hold("a", 0);
    expect(cooldown.idle).toBe(true);
  });

  test("is believed for 1 h at most, on behalf of other calls", () => {
    const { cooldown } = held();
    cooldown.hold("a", 30 * 24 * 3_600_000);
    expect(cooldown.remaining("a")).toBe(3_600_000);
  });

  test("is believed for as long as the options say", () => {
    const { cooldown } = held({ maxHoldMs: 5000 });
    cooldown.hold("a", Infinity);
    expect(cooldown.remaining("a")).toBe(5000);
  });

  test("of a negative time, or of no number, is refused", () => {
    const { cooldown } = held();
    expect(() => cooldown.hold("a", -1)).toThrow(new RangeError("hold must be at least 0, got -1"));
    expect(() => cooldown.hold("a", NaN)).toThrow(new RangeError("hold must be at least 0, got NaN"));
    expect(cooldown.idle).toBe(true);
  });
});

describe("a cool-down is idle", () => {
  test("until something is held, and again once every hold is over, even if nobody asks for the key", () => {
    const { cooldown, at } = held();
    expect(cooldown.idle).toBe(true);
    cooldown.hold("a", 2000);
    cooldown.hold("b", 1000);
    expect(cooldown.idle).toBe(false);
    at(1999);
    expect(cooldown.idle).toBe(false);
    at(2000);
    expect(cooldown.idle).toBe(true);
  });

  test("once the only key was asked for after its time", () => {
    const { cooldown, at } = held();
    cooldown.hold("a", 1000);
    at(1000);
    expect(cooldown.remaining("a")).toBe(0);
    expect(cooldown.idle).toBe(true);
  });
});

describe("memory", () => {
  test("is bounded: the hold that ends first makes room", () => {
    const { cooldown } = held({ maxKeys: 2 });
    cooldown.hold("long", 3000);
    cooldown.hold("short", 1000);
    cooldown.hold("new", 2000);
    expect(["long", "short", "new"].map((key) => cooldown.remaining(key))).toEqual([3000, 0, 2000]);
  });

  test("is bounded for holds without end", () => {
    const { cooldown } = held({ maxKeys: 2, maxHoldMs: Infinity });
    for (const key of ["a", "b", "c"]) cooldown.hold(key, Infinity);
    expect(["a", "b", "c"].filter((key) => cooldown.remaining(key) > 0)).toHaveLength(2);
  });

  test("needs no room for a key that is held already", () => {
    const { cooldown } = held({ maxKeys: 2 });
    cooldown.hold("a", 1000);
    cooldown.hold("b", 1500);
    cooldown.hold("b", 2000);
    expect(cooldown.remaining("a")).toBe(1000);
  });

  test("is 1000 keys if nothing is said", () => {
    const { cooldown } = held();
    for (let key = 0; key <= 1000; key++) cooldown.hold(`${key}`, 1000 + key);
    expect(cooldown.remaining("0")).toBe(0);
    expect(cooldown.remaining("1")).toBe(1001);
  });
});

test.each([
  [{ maxKeys: 0 }, "maxKeys must be at least 1, got 0"],
  [{ maxHoldMs: -1 }, "maxHoldMs must be at least 0, got -1"],
])("the options %o are refused", (options, message) => {
  expect(() => createCooldown(options)).toThrow(new RangeError(message));
});

test("frozen options work", () => {
  expect(createCooldown(Object.freeze({ maxKeys: 1 })).idle).toBe(true);
});

describe("a key", () => {
  test("is the origin where there is no credential", () => {
    expect(cooldownKey("https://api.example", null)).toBe("https://api.example");
  });

  test("differs by origin and by credential, and is the same for the same two", () => {
    const keys = [
      cooldownKey("https://a.example", "Bearer 1"),
      cooldownKey("https://a.example", "Bearer 2"),
      cooldownKey("https://b.example", "Bearer 1"),
      cooldownKey("https://a.example", ""),
      cooldownKey("https://a.example", null),
    ];
    expect(new Set(keys).size).toBe(5);
    expect(cooldownKey("https://a.example", "Bearer 1")).toBe(keys[0]);
  });

  test("never holds the credential, nor a part of it", () => {
    const key = cooldownKey("https://api.example", "Bearer sk-live-0123456789");
    expect(key).toMatch(/^https:\/\/api\.example#[0-9a-z]{1,11}$/);
    expect(key).not.toMatch(/bearer|sk-|live|0123/i);
  });

  test("tells 100,000 credentials apart that differ in a digit", () => {
    const keys = new Set(Array.from({ length: 100_000 }, (_, number) => cooldownKey("o", `sk-${number}`)));
    expect(keys.size).toBe(100_000);
  });

  test("spreads similar credentials over all bits: a quarter million shortened hashes collide as often as chance has it", () => {
    const hashes = Array.from({ length: 2 ** 18 }, (_, number) =>
      Number.parseInt(cooldownKey("o", `Bearer ${number}`).slice(2), 36),
    );
    const collisions = (part: (hash: number) => number): number => hashes.length - new Set(hashes.map(part)).size;
    // n² / 2 / 2^32 = 8 expected for each 32 bits
    expect(collisions((hash) => hash % 2 ** 32)).toBeLessThan(20);
    expect(collisions((hash) => Math.floor(hash / 2 ** 21))).toBeLessThan(20);
  });
});

test("one shared gate turns a herd of 1000 callers at a limit of 100 per 10 s into 1050 attempts at most", () => {
  const { attempts, unserved } = herd((clock) => createCooldown({ clock }));
  expect(attempts).toBeLessThanOrEqual(1050);
  expect(unserved).toBe(0);
});

test("without a gate the same herd makes more than 5000 attempts", () => {
  const { attempts } = herd(() => ({ remaining: () => 0, hold: () => {} }));
  expect(attempts).toBeGreaterThan(5000);
});

/** 1000 callers in front of a fixed window of 100 calls per 10 s, which answers the rest with its remaining seconds. */
function herd(make: (clock: Clock) => Pick<MemoryCooldown, "remaining" | "hold">): {
  readonly attempts: number;
  readonly unserved: number;
} {
  const random = seededRandom(1);
  let now = 0;
  const cooldown = make({ ...jumpingClock(), now: () => now });
  const waiting = new Set(Array.from({ length: 1000 }, () => ({ due: random() * 200 })));
  const served = new Map<number, number>();
  let attempts = 0;
  while (waiting.size > 0 && attempts < 20_000) {
    const caller = [...waiting].reduce((first, other) => (other.due < first.due ? other : first));
    now = caller.due;
    const left = cooldown.remaining("limit");
    if (left > 0) {
      caller.due += left + random() * 2000;
      continue;
    }
    attempts++;
    const window = Math.floor(now / 10_000);
    const used = served.get(window) ?? 0;
    if (used < 100) {
      served.set(window, used + 1);
      waiting.delete(caller);
      continue;
    }
    const hint = Math.max(1, Math.ceil(((window + 1) * 10_000 - now) / 1000)) * 1000;
    cooldown.hold("limit", hint);
    caller.due += hint + random() * 2000;
  }
  return { attempts, unserved: waiting.size };
}

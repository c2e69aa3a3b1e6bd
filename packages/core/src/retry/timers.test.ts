import { describe, expect, test } from "vitest";
import { jumpingClock } from "../testing/jumping-clock.ts";
import { createTimers, timersOf } from "./timers.ts";
import { systemClock } from "./clock.ts";

describe("timers", () => {
  test("ring once, in time, and in the order of their moments", async () => {
    const clock = jumpingClock(1000);
    const timers = createTimers(clock);
    const rang: string[] = [];
    const ring = (name: string) => () => rang.push(`${name} at ${clock.now()}`);
    timers.set(ring("slow"), 500, clock.now());
    timers.set(ring("fast"), 200, clock.now());
    await clock.advance(100);
    timers.set(ring("second fast"), 200, clock.now());
    await clock.advance(1000);
    expect(rang).toEqual(["fast at 1200", "second fast at 1300", "slow at 1500"]);
  });

  test("what was cleared does not ring, wherever it stands in the line", async () => {
    const clock = jumpingClock();
    const timers = createTimers(clock);
    const rang: number[] = [];
    const alarms = [0, 1, 2, 3, 4].map((n) => timers.set(() => rang.push(n), 100, clock.now()));
    for (const n of [0, 2, 4]) timers.clear(alarms[n]!);
    await clock.advance(100);
    expect(rang).toEqual([1, 3]);
  });

  test("clearing twice, or after the ring, does nothing", async () => {
    const clock = jumpingClock();
    const timers = createTimers(clock);
    const rang: string[] = [];
    const first = timers.set(() => rang.push("first"), 10, 0);
    timers.set(() => rang.push("second"), 10, 0);
    timers.clear(first);
    timers.clear(first);
    await clock.advance(10);
    timers.clear(first);
    timers.clear(null);
    expect(rang).toEqual(["second"]);
  });

  test("Infinity never rings and takes no timer", () => {
    const clock = jumpingClock();
    expect(createTimers(clock).set(() => {}, Infinity, 0)).toBeNull();
    expect(clock.pending).toBe(0);
  });

  test("a month does not ring early, though no timer can be set that far", async () => {
    const clock = jumpingClock();
    const month = 30 * 24 * 3600 * 1000;
    const rang: number[] = [];
    createTimers(clock).set(() => rang.push(clock.now()), month, 0);
    await clock.advance(month - 1);
    expect(rang).toEqual([]);
    await clock.advance(1);
    expect(rang).toEqual([month]);
  });
});

test("a thousand alarms of one duration share one timer", () => {
  const clock = jumpingClock();
  const timers = createTimers(clock);
  for (let n = 0; n < 1000; n++) timers.set(() => {}, 60_000, clock.now());
  expect(clock.pending).toBe(1);
});

test("an alarm set while others ring joins the line", async () => {
  const clock = jumpingClock();
  const timers = createTimers(clock);
  const rang: number[] = [];
  timers.set(
    () => {
      rang.push(clock.now());
      timers.set(() => rang.push(clock.now()), 50, clock.now());
    },
    50,
    0,
  );
  await clock.advance(200);
  expect(rang).toEqual([50, 100]);
});

test("many odd durations leave few timers behind", () => {
  const clock = jumpingClock();
  const timers = createTimers(clock);
  for (let n = 0; n < 1000; n++) timers.clear(timers.set(() => {}, 100_000 + n, clock.now()));
  expect(clock.pending).toBeLessThanOrEqual(17);
});

test("a test that fakes the platform's timers, and takes them away again, does not stop ours for ever", () => {
  const original = globalThis.setTimeout;
  const set: string[] = [];
  const clock = {
    now: () => 0,
    set: () => void set.push(globalThis.setTimeout === original ? "real" : "fake"),
    clear: () => {},
  };
  const timers = createTimers(clock);
  globalThis.setTimeout = (() => 0) as never;
  try {
    timers.clear(timers.set(() => {}, 100, 0));
  } finally {
    globalThis.setTimeout = original;
  }
  timers.set(() => {}, 100, 0);
  expect(set).toEqual(["fake", "real"]);
});

test("all who use a clock share its timers", () => {
  const clock = jumpingClock();
  expect(timersOf(clock)).toBe(timersOf(clock));
  expect(timersOf(clock)).not.toBe(timersOf(jumpingClock()));
});

test("on workerd, where a timer ends with the request that set it, nobody shares", () => {
  const clock = jumpingClock();
  const navigator = Object.getOwnPropertyDescriptor(globalThis, "navigator")!;
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Cloudflare-Workers" }, configurable: true });
  try {
    expect(timersOf(clock)).not.toBe(timersOf(clock));
  } finally {
    Object.defineProperty(globalThis, "navigator", navigator);
  }
});

test("a background timer of the system's clock does not keep the process alive", () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const timer = systemClock.set(() => {}, 60_000, true);
  expect(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length).toBe(before);
  systemClock.clear(timer);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fastClock } from "./scale.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a minute takes a second at scale 60, and reads as a minute", () => {
  const clock = fastClock(60);
  const wake = vi.fn<() => void>();
  const startedMs = clock.now();
  clock.set(wake, 60_000);
  vi.advanceTimersByTime(999);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(wake).toHaveBeenCalledOnce();
  expect(clock.now() - startedMs).toBe(60_000);
});

test("never rings before its time, however short that is", () => {
  const clock = fastClock(60);
  const wake = vi.fn<() => void>();
  clock.set(wake, 61);
  vi.advanceTimersByTime(1);
  expect(wake).not.toHaveBeenCalled();
});

test("a timer that is cleared does not ring, a background timer does", () => {
  const clock = fastClock(1);
  const [cleared, background] = [vi.fn<() => void>(), vi.fn<() => void>()];
  clock.clear(clock.set(cleared, 10));
  clock.set(background, 10, true);
  vi.advanceTimersByTime(10);
  expect([cleared.mock.calls.length, background.mock.calls.length]).toEqual([0, 1]);
});

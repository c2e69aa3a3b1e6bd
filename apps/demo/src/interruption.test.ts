import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { interruptSignal, watchdog } from "./interruption.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([
  [60, 60],
  [120, 60],
  [1, 1200],
])("the watchdog ends a demo at scale %d after %d s", (scale, seconds) => {
  const signal = watchdog(scale);
  vi.advanceTimersByTime(seconds * 1000 - 1);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.reason).toMatchObject({ message: `not done after ${seconds} s`, exitCode: 1 });
});

test.each([
  ["SIGINT", "interrupted", 130],
  ["SIGTERM", "terminated", 143],
])("%s aborts with an exit code of its own, once", (name, message, exitCode) => {
  const process = new EventEmitter();
  const signal = interruptSignal(process);
  process.emit(name);
  expect(signal.reason).toMatchObject({ message, exitCode });
  expect(process.listenerCount(name)).toBe(0);
});

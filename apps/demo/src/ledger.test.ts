import { expect, test, vi } from "vitest";
import { Ledger } from "./ledger.ts";

test("a ledger begins one job per idempotency key, and one per request without a key", () => {
  const ledger = new Ledger();
  const started = vi.fn<() => void>();
  ledger.on("started", started);
  expect(ledger.start("a")).toBe(ledger.start("a"));
  ledger.start(null);
  ledger.start(null);
  expect(started).toHaveBeenCalledTimes(3);
});

test("a ledger sums up what became of its jobs", () => {
  const ledger = new Ledger();
  expect(ledger.summary()).toBe("0 jobs");
  const job = ledger.start(null);
  expect(ledger.summary()).toBe("1 job running");
  ledger.end(job, "finished");
  expect(ledger.summary()).toBe("1 job finished");
  ledger.end(ledger.start(null), "cancelled");
  expect(ledger.summary()).toBe("2 jobs: 1 finished, 1 cancelled");
  ledger.end(ledger.start(null), "cancelled");
  expect(ledger.summary()).toBe("3 jobs: 1 finished, 2 cancelled");
});

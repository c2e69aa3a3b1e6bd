import { describe, expect, test } from "vitest";
import { constant, exponential } from "./backoff.ts";
import { createBudget } from "../state/budget.ts";
import { type Plan, planOf, type Policy } from "./policy.ts";

function plan(policy: Policy): { plan: Plan; warnings: string[] } {
  const warnings: string[] = [];
  return { plan: planOf({ onWarning: (warning) => warnings.push(warning), ...policy }, () => null), warnings };
}

describe("the defaults", () => {
  test("standard: 3 attempts, connect 10 s, attempt and idle 60 s, deadline 180 s, budget and cool-down on, breaker off", () => {
    const { plan: standard, warnings } = plan({});
    expect(standard).toMatchObject({
      rules: { maxAttempts: 3, replay: "documented", maxRetryAfter: 60_000 },
      connect: 10_000,
      attempt: 60_000,
      idle: 60_000,
      deadline: 180_000,
      breaker: null,
    });
    expect(standard.budget).not.toBeNull();
    expect(standard.cooldown).not.toBeNull();
    // Full jitter: half of 1 s, 2 s, … 30 s when random() answers 0.5.
    expect([1, 2, 6].map((retry) => standard.rules.backoff(retry, 0, () => 0.5))).toEqual([500, 1000, 15_000]);
    expect(warnings).toEqual([]);
  });

  test("longRunning: the same with 900 s for attempt, idle and deadline, and replay only where proven", () => {
    const { plan: long, warnings } = plan({ profile: "longRunning" });
    expect(long).toMatchObject({
      rules: { maxAttempts: 3, replay: "proven", maxRetryAfter: 300_000 },
      connect: 10_000,
      attempt: 900_000,
      idle: 900_000,
      deadline: 900_000,
    });
    expect(warnings).toEqual([]);
  });

  test("none: one attempt, no timer, no budget, no cool-down", () => {
    const { plan: none, warnings } = plan({ profile: "none" });
    expect(none).toMatchObject({
      rules: { maxAttempts: 1 },
      connect: Infinity,
      attempt: Infinity,
      idle: Infinity,
      deadline: Infinity,
      budget: null,
      cooldown: null,
    });
    expect(warnings).toEqual([]);
  });

  test("a field that is given wins over the profile, false switches off", () => {
    const { plan: own } = plan({
      profile: "longRunning",
      retry: { maxAttempts: 2 },
      timeouts: { idle: 5 },
      cooldown: false,
    });
    expect(own).toMatchObject({
      rules: { maxAttempts: 2, replay: "proven" },
      idle: 5,
      attempt: 900_000,
      cooldown: null,
    });
  });
});

test.each<[Policy, string]>([
  [{ retry: { maxAttempts: 0 } }, "retry.maxAttempts must be at least 1, got 0"],
  [{ retry: { maxRetryAfter: -1 } }, "retry.maxRetryAfter must be at least 0, got -1"],
  [{ retry: { replay: "never" as never } }, "retry.replay must be one of documented, proven, always, got never"],
  [{ profile: "fast" as never }, "profile must be one of standard, longRunning, none, got fast"],
  [{ profile: "constructor" as never }, "profile must be one of standard, longRunning, none, got constructor"],
  [{ timeouts: { attempt: 0 } }, "timeouts.attempt must be at least 1, got 0"],
  [{ timeouts: { connect: -5 } }, "timeouts.connect must be at least 1, got -5"],
  [{ timeouts: { idle: Number.NaN } }, "timeouts.idle must be at least 1, got NaN"],
  [
    { timeouts: { attempt: 60_000, deadline: 30_000 } },
    "timeouts.deadline must be at least timeouts.attempt, 60000 ms, got 30000 ms",
  ],
])("%j is refused", (policy, message) => {
  expect(() => plan(policy)).toThrow(new RangeError(message));
});

test("a deadline below the attempt timeout of the profile just cuts the attempt", () => {
  expect(plan({ timeouts: { deadline: 5000 } }).plan).toMatchObject({ attempt: 60_000, deadline: 5000 });
});

describe("warnings say the numbers", () => {
  test.each<[string, Policy, string[]]>([
    [
      "no budget",
      { budget: false, retry: { maxAttempts: 4 } },
      ["without a budget, 4 attempts multiply the load by 4 during an outage"],
    ],
    [
      "waits that cannot fit",
      { retry: { maxAttempts: 5, backoff: exponential() }, timeouts: { deadline: 10_000 } },
      ["5 attempts need waits of about 15000 ms, more than the deadline of 10000 ms"],
    ],
    [
      "no limit at all",
      { timeouts: { attempt: Infinity, deadline: Infinity } },
      ["without timeouts.attempt and timeouts.deadline a silent server holds a call for ever"],
    ],
    ["nothing wrong", { budget: createBudget(), retry: { maxAttempts: 10, backoff: constant(1) } }, []],
  ])("%s", (_name, policy, expected) => {
    expect(plan(policy).warnings).toEqual(expected);
  });

  test("they go to console.warn when nobody listens", () => {
    const original = console.warn;
    const said: unknown[] = [];
    console.warn = (text: unknown) => void said.push(text);
    try {
      planOf({ budget: false }, () => null);
    } finally {
      console.warn = original;
    }
    expect(said).toEqual(["failwell: without a budget, 3 attempts multiply the load by 3 during an outage"]);
  });
});

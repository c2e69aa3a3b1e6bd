import { describe, expect, test } from "vitest";

import { type Budget, createBudget, RETRY_COST } from "./budget.ts";
import { budgetContract } from "../testing/port-contracts.ts";
import { seededRandom } from "../testing/seeded-random.ts";

describe("a budget in memory keeps the contract", () => {
  test.each(budgetContract(() => createBudget()))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

/** How many retries of `cost` a key can pay for now. */
function affordable(budget: Budget, key: string, cost: number): number {
  let count = 0;
  while (count < 1000 && budget.withdraw(key, cost) === true) count++;
  return count;
}

describe("a bucket", () => {
  test("pays for 10 retries of failures, or for 25 of throttled calls", () => {
    const budget = createBudget();
    expect(affordable(budget, "a", RETRY_COST.transient)).toBe(10);
    expect(affordable(budget, "b", RETRY_COST.throttled)).toBe(25);
  });

  test("holds what the options say", () => {
    expect(affordable(createBudget({ capacity: 25 }), "a", 10)).toBe(2);
  });

  test("never pays for what costs more than it can hold", () => {
    const budget = createBudget({ capacity: 5 });
    expect(budget.withdraw("a", 10)).toBe(false);
    expect(affordable(budget, "a", 1)).toBe(5);
  });
});

describe("memory", () => {
  test("is bounded: the bucket not used for longest counts as full again", () => {
    const budget = createBudget({ capacity: 10, maxKeys: 2 });
    for (const key of ["a", "b", "a", "c"]) budget.withdraw(key, 10);
    expect(["a", "c", "b"].map((key) => budget.withdraw(key, 10))).toEqual([false, false, true]);
  });

  test("counts a refused withdrawal as use: what is asked again and again stays empty", () => {
    const budget = createBudget({ capacity: 10, maxKeys: 2 });
    for (const key of ["a", "b"]) budget.withdraw(key, 10);
    expect(budget.withdraw("a", 10)).toBe(false);
    budget.withdraw("c", 10);
    expect(budget.withdraw("a", 10)).toBe(false);
  });

  test("is not used by a full bucket", () => {
    const budget = createBudget({ capacity: 10, maxKeys: 1 });
    budget.withdraw("a", 10);
    for (const key of ["b", "c", "d"]) {
      budget.deposit(key, 1);
      budget.withdraw(key, 0);
    }
    expect(budget.withdraw("a", 10)).toBe(false);
    budget.deposit("a", 10);
    budget.withdraw("b", 10);
    expect(budget.withdraw("a", 10)).toBe(true);
  });

  test("is 1000 keys if nothing is said", () => {
    const budget = createBudget();
    for (let key = 0; key <= 1000; key++) budget.withdraw(`${key}`, 100);
    expect(budget.withdraw("1", 1)).toBe(false);
    expect(budget.withdraw("0", 1)).toBe(true);
  });
});

test.each([
  [() => createBudget({ capacity: 0 }), "capacity must be at least 1, got 0"],
  [() => createBudget({ capacity: NaN }), "capacity must be at least 1, got NaN"],
  [() => createBudget({ maxKeys: 0 }), "maxKeys must be at least 1, got 0"],
  [() => createBudget().withdraw("a", -1), "cost must be at least 0, got -1"],
  [() => createBudget().withdraw("a", NaN), "cost must be at least 0, got NaN"],
  [() => createBudget().deposit("a", -1), "amount must be at least 0, got -1"],
  [() => createBudget().deposit("a", NaN), "amount must be at least 0, got NaN"],
])("%s is refused", (work, message) => {
  expect(work).toThrow(new RangeError(message));
});

test("a refused number changes nothing", () => {
  const budget = createBudget();
  expect(() => budget.withdraw("a", NaN)).toThrow(RangeError);
  expect(affordable(budget, "a", 10)).toBe(10);
});

test("frozen options work", () => {
  expect(affordable(createBudget(Object.freeze({ capacity: 10 })), "a", 10)).toBe(1);
});

/** Calls of up to `maxAttempts` attempts, each failing with probability `failing`, by clients in turn at random. */
function storm(
  failing: number,
  { calls = 6000, maxAttempts = 3, clients = 1, budgetOf }: StormOptions,
): { readonly amplification: number; readonly success: number } {
  const random = seededRandom(7919 + clients);
  let attempts = 0;
  let successes = 0;
  for (let call = 0; call < calls; call++) {
    const budget = budgetOf(Math.floor(random() * clients));
    let paid = 0;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      attempts++;
      if (random() >= failing) {
        successes++;
        void budget.deposit("origin", paid || 1);
        break;
      }
      if (attempt === maxAttempts || budget.withdraw("origin", RETRY_COST.transient) !== true) break;
      paid = RETRY_COST.transient;
    }
  }
  return { amplification: attempts / calls, success: successes / calls };
}

interface StormOptions {
  readonly calls?: number;
  readonly maxAttempts?: number;
  readonly clients?: number;
  readonly budgetOf: (client: number) => Budget;
}

describe("retries under one budget", () => {
  test("make 1000 calls of up to 3 attempts that all fail into 1010 attempts", () => {
    const budget = createBudget();
    expect(storm(1, { calls: 1000, budgetOf: () => budget }).amplification).toBe(1.01);
  });

  test.each([10, 100, 1000, 6000])("stay below 1.1 attempts per call in an outage, shared by %i clients", (clients) => {
    const budget = createBudget();
    const { amplification } = storm(1, { clients, maxAttempts: 4, budgetOf: () => budget });
    expect(amplification).toBeLessThanOrEqual(1.1);
  });

  test.each([10, 100, 1000, 6000])("hide 5 % of failures, shared by %i clients", (clients) => {
    const budget = createBudget();
    const { success } = storm(0.05, { clients, maxAttempts: 4, budgetOf: () => budget });
    expect(success).toBeGreaterThan(0.999);
  });

  test("are one retry for ten successes when half of all fails, beside those that succeed", () => {
    const budget = createBudget();
    const { amplification } = storm(0.5, { budgetOf: () => budget });
    expect(amplification).toBeGreaterThan(1.08);
    expect(amplification).toBeLessThan(1.12);
  });

  test("bound nothing when each of 6000 clients has a full bucket of its own", () => {
    const budget = createBudget({ maxKeys: 6000 });
    const budgetOf = (client: number): Budget => ({
      withdraw: (_key, cost) => budget.withdraw(`${client}`, cost),
      deposit: (_key, amount) => budget.deposit(`${client}`, amount),
    });
    const { amplification } = storm(1, { clients: 6000, maxAttempts: 4, budgetOf });
    expect(amplification).toBeGreaterThan(3);
  });
});

import { describe, expect, test } from "vitest";

import { type Breaker, createBreaker } from "../state/breaker.ts";
import { type Budget, createBudget } from "../state/budget.ts";
import { type Cooldown, createCooldown } from "../state/cooldown.ts";
import { jumpingClock } from "./jumping-clock.ts";
import {
  breakerContract,
  breakerContractOptions,
  budgetContract,
  type ContractCase,
  cooldownContract,
} from "./port-contracts.ts";

/** The rules that a port breaks, each with what is wrong. */
async function broken(cases: readonly ContractCase[]): Promise<Record<string, string>> {
  const results = await Promise.all(
    cases.map(async ({ name, run }) =>
      run().then(
        () => [],
        (error: unknown) => [[name, String(error)] as const],
      ),
    ),
  );
  return Object.fromEntries(results.flat());
}

function brokenBy(port: Cooldown): Promise<Record<string, string>> {
  return broken(cooldownContract(() => ({ port, advance: () => {} })));
}

function brokenByAdmission(admit: Breaker["admit"]): Promise<Record<string, string>> {
  return broken(breakerContract(() => ({ port: { admit, settle: () => {} }, advance: () => {} })));
}

describe("ports that answer later keep the contract", () => {
  test("a cool-down", async () => {
    const cases = cooldownContract(async () => {
      const clock = jumpingClock();
      const inner = createCooldown({ clock });
      const port: Cooldown = {
        remaining: async (key) => inner.remaining(key),
        hold: async (key, ms) => inner.hold(key, ms),
      };
      return { port, advance: (ms) => clock.advance(ms) };
    });
    expect(await broken(cases)).toEqual({});
  });

  test("a budget", async () => {
    const cases = budgetContract(async () => {
      const inner = createBudget();
      return {
        withdraw: async (key, cost) => inner.withdraw(key, cost),
        deposit: async (key, amount) => inner.deposit(key, amount),
      };
    });
    expect(await broken(cases)).toEqual({});
  });

  test("a breaker", async () => {
    const cases = breakerContract(async () => {
      const clock = jumpingClock();
      const inner = createBreaker({ ...breakerContractOptions, clock });
      const port: Breaker = {
        admit: async (key) => inner.admit(key),
        settle: async (permit, outcome, hint) => inner.settle(permit, outcome, hint),
      };
      return { port, advance: (ms) => clock.advance(ms) };
    });
    expect(await broken(cases)).toEqual({});
  });
});

describe("the contract of a cool-down is broken by one", () => {
  test("that never holds", async () => {
    expect(await brokenBy({ idle: true, remaining: () => 0, hold: () => {} })).toEqual({
      "a key is held for the time that was asked, and then no more":
        "Error: remaining after the hold: must be 800 to 1000, is 0",
      "a shorter hold never shortens a longer one": "Error: remaining: must be 800 to 1000, is 0",
      "a longer hold lengthens a shorter one": "Error: remaining: must be 800 to 1000, is 0",
      "a port that says it is idle holds nothing": "Error: idle while a key is held: must be false, is true",
    });
  });

  test("that always holds, and everyone", async () => {
    expect(Object.keys(await brokenBy({ remaining: () => 1000, hold: () => {} }))).toEqual([
      "a key that nobody holds may go now",
      "a key is held for the time that was asked, and then no more",
      "a hold of one key leaves other keys alone",
    ]);
  });
});

describe("the contract of a budget is broken by one", () => {
  test("that always pays", async () => {
    const port: Budget = { withdraw: () => true, deposit: () => {} };
    expect(Object.keys(await broken(budgetContract(() => port)))).toEqual([
      "a new bucket is full, and pays for no more than it holds",
      "what is refused costs nothing",
      "ten successes pay for one retry",
      "a bucket is never more than full",
      "200 withdrawals at once are counted exactly",
    ]);
  });

  test("that never pays", async () => {
    const port: Budget = { withdraw: () => false, deposit: () => {} };
    expect(Object.keys(await broken(budgetContract(() => port)))).toHaveLength(6);
  });

  test("that reads, waits and then writes", async () => {
    const cases = budgetContract(() => {
      let left = 100;
      return {
        async withdraw(_key, cost) {
          const before = left;
          await Promise.resolve();
          if (before < cost) return false;
          left = before - cost;
          return true;
        },
        deposit: (_key, amount) => void (left = Math.min(100, left + amount)),
      };
    });
    expect((await broken(cases))["200 withdrawals at once are counted exactly"]).toBe(
      "Error: retries of cost 1 paid for: must be 100, is 200",
    );
  });
});

describe("the contract of a breaker is broken by one", () => {
  test("that always admits", async () => {
    expect(Object.keys(await brokenByAdmission((key) => ({ admitted: true, permit: { key, generation: 1 } })))).toEqual(
      [
        "a breaker admits until the failures in a row are too many",
        "an outcome that is ignored changes nothing",
        "an opening lasts as long as the server asks",
        "after its time one probe is admitted, and no other call",
        "of 1000 calls at once one is the probe",
        "a probe that fails opens it for longer",
        "a probe that is ignored makes room for another",
        "a call admitted before the opening closes nothing when it succeeds late",
      ],
    );
  });

  test("that always refuses", async () => {
    const errors = await brokenByAdmission(() => ({ admitted: false, retryAfterMs: 1000, state: "open" }));
    expect(Object.keys(errors)).toHaveLength(14);
    expect(errors["settling twice counts once"]).toBe(
      "Error: the first call: must be admitted, was refused for 1000 ms (open)",
    );
  });

  test("that forgets which calls it has admitted when", async () => {
    const cases = breakerContract(() => {
      const clock = jumpingClock();
      const inner = createBreaker({ ...breakerContractOptions, clock });
      const port: Breaker = {
        admit: (key) => inner.admit(key),
        // Any outcome counts, as that of a call admitted just now.
        settle(permit, outcome, hint) {
          const admission = inner.admit(permit.key);
          inner.settle(admission.admitted ? admission.permit : permit, outcome, hint);
        },
      };
      return { port, advance: (ms) => clock.advance(ms) };
    });
    expect(Object.keys(await broken(cases))).toEqual(
      expect.arrayContaining([
        "calls admitted before the opening open nothing when they fail late",
        "settling twice counts once",
      ]),
    );
  });
});

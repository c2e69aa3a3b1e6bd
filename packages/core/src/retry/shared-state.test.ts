import { describe, expect, test } from "vitest";
import { attemptsOf } from "./attempt.ts";
import { createBreaker } from "../state/breaker.ts";
import { createBudget } from "../state/budget.ts";
import { createCooldown } from "../state/cooldown.ts";
import { execute } from "./run.ts";
import { failure } from "../testing/failure.fixture.ts";
import { jumpingClock } from "../testing/jumping-clock.ts";
import { broken, scripted, testPlan } from "../testing/scripted.fixture.ts";

const internal = { kind: "internal" } as const;

describe("budget", () => {
  test("at full outage 1000 calls make at most 1100 attempts, on the path of answers and on that of failures", async () => {
    for (const step of [internal, broken()]) {
      const { clock, plan } = testPlan();
      let attempts = 0;
      for (let n = 0; n < 1000; n++) {
        const operation = scripted(clock, [step]);
        await clock.run(execute(operation, plan, null)).catch(() => {});
        attempts += operation.calls.length;
      }
      expect(attempts).toBeGreaterThan(1000);
      expect(attempts).toBeLessThanOrEqual(1100);
    }
  });

  test("an empty one ends the call with the real answer, and says so", async () => {
    const { clock, plan, events } = testPlan({ budget: createBudget({ capacity: 10 }) });
    const answer = await clock.run(execute(scripted(clock, [internal]), plan, null));
    expect(answer).toMatchObject({ attempt: 2, discarded: false });
    expect(attemptsOf(answer).at(-1)?.stop).toBe("budget");
    expect(events.at(-1)).toMatchObject({ type: "gaveUp", reason: "budget" });
  });

  test("a retry that succeeds gets its cost back, a first success adds one", async () => {
    const taken: number[] = [];
    const given: number[] = [];
    const budget = {
      withdraw: (_key: string, cost: number) => taken.push(cost) > 0,
      deposit: (_key: string, amount: number) => void given.push(amount),
    };
    const { clock, plan } = testPlan({ budget });
    await clock.run(execute(scripted(clock, [internal, "ok"]), plan, null));
    await clock.run(execute(scripted(clock, [{ kind: "rate_limit" }, "ok"]), plan, null));
    await clock.run(execute(scripted(clock, ["ok"]), plan, null));
    expect({ taken, given }).toEqual({ taken: [10, 4], given: [10, 4, 1] });
  });

  test("a retry that cost nothing gives one when it succeeds, whatever was paid before", async () => {
    const moves: number[] = [];
    const budget = {
      withdraw: (_key: string, cost: number) => moves.push(-cost) > 0,
      deposit: (_key: string, amount: number) => void moves.push(amount),
    };
    const { clock, plan } = testPlan({ budget });
    await clock.run(execute(scripted(clock, [internal, broken("unsent"), "ok"]), plan, null));
    expect(moves).toEqual([-10, 1]);
  });

  test("a connection that was refused costs nothing: no work was done", async () => {
    const budget = createBudget({ capacity: 1 });
    const { clock, plan } = testPlan({ budget });
    expect(await clock.run(execute(scripted(clock, [broken("unsent"), "ok"]), plan, null))).toMatchObject({
      attempt: 2,
    });
  });

  test("one whose store fails is replaced by a local one: fewer retries, never unlimited ones", async () => {
    const budget = {
      withdraw: () => Promise.reject(new Error("store is down")),
      deposit: () => Promise.reject(new Error("store is down")),
    };
    const { clock, plan, events } = testPlan({ budget });
    let attempts = 0;
    for (let n = 0; n < 100; n++) {
      const operation = scripted(clock, [internal]);
      await clock.run(execute(operation, plan, null));
      attempts += operation.calls.length;
    }
    // The local bucket holds ten retries.
    expect(attempts).toBe(110);
    expect(events.filter(({ type }) => type === "portFailed")[0]).toMatchObject({ port: "budget" });
  });
});

describe("breaker", () => {
  test("opens inside a call and ends it without another wait", async () => {
    const clock = jumpingClock();
    const breaker = createBreaker({ consecutive: 2, clock, random: () => 0 });
    const { plan } = testPlan({ clock, breaker });
    const answer = await clock.run(execute(scripted(clock, [internal]), plan, null));
    expect(attemptsOf(answer).map(({ stop }) => stop)).toEqual([null, "breaker"]);
    expect(clock.now()).toBe(100);
  });

  test("an open one sends nothing, and says when to come back", async () => {
    const clock = jumpingClock();
    const breaker = createBreaker({ consecutive: 1, openMs: 5000, clock, random: () => 0 });
    const { plan } = testPlan({ clock, breaker });
    await clock.run(execute(scripted(clock, [internal]), plan, null));
    const operation = scripted(clock, ["ok"]);
    const error = await failure(clock.run(execute(operation, plan, null)));
    expect(operation.calls).toEqual([]);
    expect(error).toMatchObject({ code: "circuit_open", stopReason: "breaker", retryAfterMs: 2500, attempts: [] });
    expect(error.message).toBe("https://api.test: circuit is open, next attempt in 2500 ms");
    expect(error.verdict.phase).toBe("unsent");
  });

  test("does not count the caller's own abort, nor the caller's own mistakes", async () => {
    const clock = jumpingClock();
    const breaker = createBreaker({ consecutive: 1, clock });
    const { plan } = testPlan({ clock, breaker });
    const controller = new AbortController();
    const work = failure(execute(scripted(clock, ["hang"]), plan, controller.signal));
    await clock.advance(10);
    controller.abort(new Error("left"));
    await work;
    await clock.run(execute(scripted(clock, [{ kind: "bad_request", retryable: false }]), plan, null));
    await clock.run(execute(scripted(clock, [{ kind: "rate_limit", retryable: false }]), plan, null));
    expect(breaker.state("https://api.test")).toBe("closed");
  });

  test("a permit that comes after the call has left is given back", async () => {
    const settled: unknown[] = [];
    const { clock, plan } = testPlan({
      breaker: {
        admit: () =>
          new Promise((resolve) => void clock.set(() => resolve({ admitted: true, permit: "late" as never }), 10)),
        settle: (permit, outcome) => void settled.push([permit, outcome]),
      },
    });
    const controller = new AbortController();
    const work = failure(execute(scripted(clock, ["ok"]), plan, controller.signal));
    await clock.advance(3);
    controller.abort(new Error("left"));
    await work;
    await clock.advance(50);
    expect(settled).toEqual([["late", "ignored"]]);
  });

  test("one that throws or hangs lets the call through within 25 ms", async () => {
    const hanging = { admit: () => new Promise<never>(() => {}), settle: () => {} };
    const { clock, plan, events } = testPlan({ breaker: hanging });
    const operation = scripted(clock, ["ok"]);
    await clock.run(execute(operation, plan, null));
    expect(operation.calls).toEqual([25]);
    expect(events[0]).toMatchObject({ type: "portFailed", port: "breaker" });
    const throwing = {
      admit: () => {
        throw new Error("no");
      },
      settle: () => {},
    };
    const other = testPlan({ breaker: throwing });
    expect(await other.clock.run(execute(scripted(other.clock, ["ok"]), other.plan, null))).toMatchObject({
      attempt: 1,
    });
  });
});

describe("cool-down", () => {
  test("after one hint every call to the same origin and credential waits, and none is sent in vain", async () => {
    const { clock, plan } = testPlan();
    const first = scripted(clock, [{ kind: "rate_limit", retryAfterMs: 5000 }, "ok"]);
    const work = execute(first, plan, null);
    await clock.advance(1000);
    const second = scripted(clock, ["ok"]);
    const other = scripted(clock, ["ok"], { cooldownKey: () => "https://api.test#2" });
    await clock.run(Promise.all([work, execute(second, plan, null), execute(other, plan, null)]));
    expect(first.calls).toEqual([0, 5000]);
    expect(second.calls).toEqual([5000]);
    expect(attemptsOf(second.answers[0])).toMatchObject([{ startedMs: 4000, elapsedMs: 0 }]);
    expect(other.calls).toEqual([1000]);
  });

  test("those who were held back together do not come back together", async () => {
    let draw = 0;
    const { clock, plan, events } = testPlan({ random: () => (draw++ % 10) / 10 });
    await plan.cooldown!.hold("https://api.test#1", 5000);
    const operations = Array.from({ length: 10 }, () => scripted(clock, ["ok"]));
    await clock.run(Promise.all(operations.map((operation) => execute(operation, plan, null))));
    const moments = operations.map(({ calls }) => calls[0]!);
    // 5000 + k/10 * (500 + 1000)
    expect(moments.map(Math.round)).toEqual([5000, 5150, 5300, 5450, 5600, 5750, 5900, 6050, 6200, 6350]);
    expect(events[0]).toMatchObject({ type: "coolingDown", attempt: 1, waitMs: 5000 });
  });

  test("one that lasts beyond the deadline or the cap sends nothing, and says when to come back", async () => {
    const { clock, plan } = testPlan();
    await plan.cooldown!.hold("https://api.test#1", 90_000);
    const operation = scripted(clock, ["ok"]);
    const error = await failure(clock.run(execute(operation, plan, null)));
    expect(operation.calls).toEqual([]);
    expect(error).toMatchObject({ code: "cooling_down", stopReason: "deadline", retryAfterMs: 90_000 });
  });

  test("the answer that is at hand is returned, readable, when the gate closes between two attempts", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, [internal]);
    const work = execute(operation, plan, null);
    await clock.advance(50);
    await plan.cooldown!.hold("https://api.test#1", 500_000);
    const answer = await clock.run(work);
    expect(answer).toMatchObject({ attempt: 1, discarded: false });
    expect(attemptsOf(answer)).toMatchObject([{ stop: "deadline" }]);
  });

  test("ends a wait at the gate on abort", async () => {
    const { clock, plan } = testPlan();
    await plan.cooldown!.hold("https://api.test#1", 5000);
    const controller = new AbortController();
    const reason = new Error("left");
    const work = failure(execute(scripted(clock, ["ok"]), plan, controller.signal));
    await clock.advance(10);
    controller.abort(reason);
    expect(await work).toBe(reason);
  });

  test("one that fails holds nobody back", async () => {
    const cooldown = {
      remaining: () => {
        throw new Error("store is down");
      },
      hold: () => {
        throw new Error("store is down");
      },
    };
    const { clock, plan, events } = testPlan({ cooldown });
    const operation = scripted(clock, [{ kind: "rate_limit", retryAfterMs: 1000 }, "ok"]);
    expect(await clock.run(execute(operation, plan, null))).toMatchObject({ attempt: 2 });
    expect(events.filter(({ type }) => type === "portFailed")).toHaveLength(3);
  });

  test("without anything held back no key is made", async () => {
    const { clock, plan } = testPlan({ cooldown: createCooldown() });
    const operation = scripted(clock, ["ok"], {
      cooldownKey: () => {
        throw new Error("asked for nothing");
      },
    });
    expect(await clock.run(execute(operation, plan, null))).toMatchObject({ attempt: 1 });
  });
});

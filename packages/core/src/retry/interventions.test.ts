import { describe, expect, test, vi } from "vitest";
import { attemptsOf } from "./attempt.ts";
import type { Failed, Operation } from "./operation.ts";
import { execute } from "./run.ts";
import { failure } from "../testing/failure.fixture.ts";
import { type Answer, broken, scripted, type Step, testPlan } from "../testing/scripted.fixture.ts";

const internal = { kind: "internal" } as const;
const answer: Answer = { attempt: 0, verdict: null, discarded: false };

function start(steps: readonly Step[], facts: Partial<Operation<Answer>>, policy = {}) {
  const { clock, plan, events } = testPlan(policy);
  const operation = scripted(clock, steps, facts);
  return { clock, plan, events, operation, work: clock.run(execute(operation, plan, null)) };
}

describe("a look-up before a replay", () => {
  const paid = { idempotent: false, reconcilable: true, lost: () => ({ call: "POST /", idempotencyKey: null }) };

  test("comes after the wait; what it finds is the answer of the call", async () => {
    const asked: number[] = [];
    const { work, events, operation, clock } = start([broken(), "ok"], {
      ...paid,
      reconcile: async ({ verdict, attempts }) => {
        asked.push(clock.now(), attempts.length);
        expect(verdict.kind).toBe("network");
        return { value: answer };
      },
    });
    expect(await work).toBe(answer);
    expect(asked).toEqual([100, 1]);
    expect(operation.calls).toEqual([0]);
    expect(attemptsOf(answer)).toMatchObject([{ kind: "network", stop: "settled" }]);
    expect(events.map(({ type }) => type)).toEqual(["attemptFailed", "retryScheduled", "reconciled", "succeeded"]);
    expect(events[2]).toMatchObject({ attempt: 2, found: "done" });
  });

  test.each([
    ["absent", 2],
    ["unknown", 1],
  ] as const)("that finds it %s lets it be sent %i times in all", async (found, calls) => {
    const { work, operation, events } = start([broken(), "ok"], { ...paid, reconcile: async () => found });
    const error = await work.catch((reason: unknown) => reason);
    expect(operation.calls).toHaveLength(calls);
    expect(events).toContainEqual(expect.objectContaining({ type: "reconciled", found }));
    expect(error).toMatchObject(
      found === "absent" ? { attempt: 2 } : { code: "ambiguous_outcome", stopReason: "unsafe_replay" },
    );
  });

  test("that fails counts as unknown, and what it threw is in the event", async () => {
    const fault = new Error("no such job service");
    const { work, events } = start([broken()], { ...paid, reconcile: () => Promise.reject(fault) });
    expect(await failure(work)).toMatchObject({ code: "ambiguous_outcome" });
    expect(events).toContainEqual(expect.objectContaining({ type: "reconciled", found: "unknown", fault }));
  });

  test("that answers with an error keeps the answer that is there", async () => {
    const { work } = start([internal], { ...paid, reconcile: async () => "unknown" });
    const last = await work;
    expect(last).toMatchObject({ attempt: 1, discarded: false });
    expect(attemptsOf(last)).toMatchObject([{ kind: "internal", stop: "unsafe_replay" }]);
  });

  test.each([
    ["never reached a server", broken("unsent")],
    ["was refused before it began", { kind: "rate_limit" } as const],
  ])("is not made when the attempt %s", async (_what, step) => {
    const reconcile = vi.fn<() => Promise<"unknown">>();
    const { work } = start([step, "ok"], { ...paid, reconcile });
    expect(await work).toMatchObject({ attempt: 2 });
    expect(reconcile).not.toHaveBeenCalled();
  });

  test("is not made when executing it twice does no harm", async () => {
    const reconcile = vi.fn<() => Promise<"unknown">>();
    const { work } = start([internal, "ok"], { ...paid, idempotent: true, reconcile });
    expect(await work).toMatchObject({ attempt: 2 });
    expect(reconcile).not.toHaveBeenCalled();
  });

  test("ends at the deadline, with a signal of its own that tells it so", async () => {
    let signal: AbortSignal | undefined;
    const { work } = start(
      [broken()],
      {
        ...paid,
        reconcile: (_failed, guard) => {
          ({ signal } = guard);
          return new Promise(() => {});
        },
      },
      { timeouts: { deadline: 5000 } },
    );
    expect(await failure(work)).toMatchObject({
      code: "ambiguous_outcome",
      stopReason: "deadline",
      cause: { code: "network", stopReason: "deadline" },
    });
    expect(signal!.aborted).toBe(true);
  });
});

test("what a look-up saves gives the price of the retry back", async () => {
  const deposits: number[] = [];
  const budget = {
    withdraw: () => true,
    deposit: (_key: string, tokens: number) => void deposits.push(tokens),
  };
  const facts = { idempotent: false, reconcilable: true, reconcile: async () => ({ value: answer }) };
  await start([broken()], facts, { budget }).work;
  expect(deposits).toEqual([10]);
});

test("what was looked up and found absent is not ambiguous any more", async () => {
  const facts = {
    idempotent: false,
    reconcilable: true,
    lost: () => ({ call: "POST /", idempotencyKey: null }),
    reconcile: async () => "absent" as const,
  };
  expect(await failure(start([broken(), broken("unsent")], facts).work)).toMatchObject({ code: "network" });
});

test("a deadline between two attempts gives out the answer that is there", async () => {
  const facts: Partial<Operation<Answer>> = { beforeRetry: () => new Promise(() => {}) };
  const last = await start([internal], facts, { timeouts: { deadline: 5000 } }).work;
  expect(attemptsOf(last)).toMatchObject([{ kind: "internal", stop: "deadline" }]);
});

test("a host that throws gives the breaker its permit back", async () => {
  const outcomes: string[] = [];
  const breaker = {
    admit: () => ({ admitted: true as const, permit: {} as never }),
    settle: (_permit: never, outcome: string) => void outcomes.push(outcome),
  };
  await failure(start([internal], { weigh: () => Promise.reject(new Error("hook")) }, { breaker }).work);
  expect(outcomes).toEqual(["ignored"]);
});

describe("a host", () => {
  test("is asked before each retry, after its wait, and may answer in its place", async () => {
    const seen: number[] = [];
    const { work, operation, clock } = start([internal], {
      beforeRetry: async ({ attempts }) => {
        seen.push(clock.now());
        return attempts.length === 2 ? { value: answer } : undefined;
      },
    });
    expect(await work).toBe(answer);
    expect(seen).toEqual([100, 200]);
    expect(operation.answers.map(({ discarded }) => discarded)).toEqual([true, true]);
  });

  test("ends the call with what it throws, as it is, and the call says that it gave up", async () => {
    const bug = new Error("hook");
    const { work, events } = start([internal], { beforeRetry: () => Promise.reject(bug) });
    expect(await failure(work)).toBe(bug);
    expect(events.at(-1)).toMatchObject({ type: "gaveUp", reason: "fatal" });
  });

  test("has the last word on a failure that was returned or thrown", async () => {
    const failed: Failed<Answer>[] = [];
    const { work, operation } = start([internal, broken(), internal], {
      weigh: (each) => {
        failed.push(each);
        return failed.length < 2 ? each.verdict : Promise.resolve({ ...each.verdict, retryable: false });
      },
    });
    await failure(work);
    expect(operation.calls).toHaveLength(2);
    expect(failed[0]).toMatchObject({ value: { attempt: 1 } });
    expect(failed[1]).toMatchObject({ error: { phase: "unanswered" }, attempts: [{ number: 1 }, { stop: "fatal" }] });
  });
});

describe("a host that throws when it is asked about a failure", () => {
  test("ends the call with that, and the answer is let go", async () => {
    const bug = new Error("shouldRetry");
    const { work, operation } = start([internal], { weigh: () => Promise.reject(bug) });
    expect(await failure(work)).toBe(bug);
    expect(operation.answers).toMatchObject([{ attempt: 1, discarded: true }]);
  });
});

test("what an attempt that is over says late does not end the wait after it", async () => {
  const { clock, plan } = testPlan({ retry: { backoff: () => 100_000 }, timeouts: { idle: 1000 } });
  const operation = scripted(clock, ["ok"], {
    call: (guard, number) => {
      if (number === 2) return Promise.resolve({ attempt: 2, verdict: null, discarded: false });
      void clock.set(() => guard.answered(), 500);
      return Promise.reject(broken());
    },
  });
  expect(await clock.run(execute(operation, plan, null))).toMatchObject({ attempt: 2 });
});

describe("a call inside an attempt of another", () => {
  test("makes one attempt, so that retries do not multiply", async () => {
    const { clock, plan } = testPlan();
    const inner = scripted(clock, [internal]);
    const outer = scripted(clock, ["ok"], {
      call: async (guard, attempt) => ({ ...(await execute(inner, plan, guard.signal)), attempt }),
    });
    expect(await clock.run(execute(outer, plan, null))).toMatchObject({ attempt: 3 });
    expect(inner.calls).toHaveLength(3);
  });

  test("that is made at once is known without a signal", async () => {
    const { clock, plan } = testPlan();
    const inner = scripted(clock, [internal]);
    const outer = scripted(clock, ["ok"], { call: () => execute(inner, plan, null) });
    await clock.run(execute(outer, plan, null));
    expect(inner.calls).toHaveLength(3);
  });

  test("with the signal of an attempt that is over may retry", async () => {
    const { clock, plan } = testPlan();
    const outer = scripted(clock, ["ok"]);
    await clock.run(execute(outer, plan, null));
    const later = scripted(clock, [internal, "ok"]);
    expect(await clock.run(execute(later, plan, outer.signals[0]!))).toMatchObject({ attempt: 2 });
  });

  test("that says so itself makes one attempt too", async () => {
    const { work, operation } = start([internal], { nested: true });
    expect(await work).toMatchObject({ attempt: 1 });
    expect(operation.calls).toHaveLength(1);
  });

  test("between two attempts may retry: it repeats nothing", async () => {
    const { clock, plan } = testPlan();
    const inner = scripted(clock, [internal, "ok"]);
    const outer = scripted(clock, [internal, "ok"], {
      beforeRetry: async (_failed, guard) => {
        await execute(inner, plan, guard.signal);
        return undefined;
      },
    });
    expect(await clock.run(execute(outer, plan, null))).toMatchObject({ attempt: 2 });
    expect(inner.calls).toHaveLength(2);
  });
});

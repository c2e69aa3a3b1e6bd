import { getEventListeners } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attemptsOf } from "./attempt.ts";
import { standard } from "./backoff.ts";
import { FailwellError, TimeoutError } from "./errors.ts";
import { execute } from "./run.ts";
import { failure } from "../testing/failure.fixture.ts";
import { jumpingClock } from "../testing/jumping-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { broken, scripted, testPlan } from "../testing/scripted.fixture.ts";

const internal = { kind: "internal" } as const;

const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on("unhandledRejection", keep));
afterAll(() => {
  process.off("unhandledRejection", keep);
  expect(unhandled).toEqual([]);
});

describe("the loop", () => {
  test("returns the first success, with the attempts behind it", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, [internal, broken(), "ok"]);
    const answer = await clock.run(execute(operation, plan, null));
    expect(answer.attempt).toBe(3);
    expect(operation.calls).toEqual([0, 100, 200]);
    expect(attemptsOf(answer)).toMatchObject([
      { number: 1, startedMs: 0, kind: "internal", evidence: "script", waitMs: 100, stop: null },
      { number: 2, startedMs: 100, kind: "network", evidence: "thrown", waitMs: 100, stop: null },
      { number: 3, startedMs: 200, kind: null, evidence: null, waitMs: null, stop: "settled" },
    ]);
  });

  test("returns the last answer when the attempts are used up, readable, and says why", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, [internal]);
    const answer = await clock.run(execute(operation, plan, null));
    expect(answer).toMatchObject({ attempt: 3, discarded: false });
    expect(attemptsOf(answer).at(-1)?.stop).toBe("attempts");
    expect(operation.answers.map(({ discarded }) => discarded)).toEqual([true, true, false]);
  });

  test("throws the last network failure as a FailwellError with its cause and its history", async () => {
    const { clock, plan } = testPlan();
    const cause = broken();
    const error = await failure(clock.run(execute(scripted(clock, [cause]), plan, null)));
    expect(FailwellError.is(error, "network")).toBe(true);
    expect(error).toMatchObject({ name: "FailwellError", code: "network", stopReason: "attempts", cause });
    expect(error.message).toBe("network failure on attempt 3, stopped: attempts");
    expect(error.attempts).toHaveLength(3);
    expect(attemptsOf(error)).toBe(error.attempts);
  });

  test("throws what is no matter of the network as it is", async () => {
    const { clock, plan } = testPlan();
    const bug = new RangeError("x is not a function");
    const error = await failure(clock.run(execute(scripted(clock, [bug]), plan, null)));
    expect(error).toBe(bug);
    expect(attemptsOf(error)).toMatchObject([{ number: 1, kind: "unknown", stop: "fatal" }]);
  });

  test("takes a call that throws at once like one that rejects", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, ["ok"], {
      call: () => {
        throw broken("unsent");
      },
    });
    expect(await failure(clock.run(execute(operation, plan, null)))).toMatchObject({ code: "network" });
    await clock.advance(3_600_000);
    expect(clock.pending).toBe(0);
  });

  test("a meaning that is found later counts the same", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, [internal, "ok"], { inspect: (answer) => Promise.resolve(answer.verdict) });
    expect(await clock.run(execute(operation, plan, null))).toMatchObject({ attempt: 2 });
  });

  test("an inspection that fails counts as a failed attempt, and its answer is freed", async () => {
    const { clock, plan } = testPlan({ retry: { maxAttempts: 1 } });
    const operation = scripted(clock, ["ok"], { inspect: () => Promise.reject(broken()) });
    expect(await failure(clock.run(execute(operation, plan, null)))).toMatchObject({ code: "network" });
    expect(operation.answers[0]?.discarded).toBe(true);
  });

  test("the options of the caller are not changed: a frozen policy works", async () => {
    const policy = Object.freeze({
      retry: Object.freeze({ maxAttempts: 2 }),
      timeouts: Object.freeze({ attempt: 500 }),
    });
    const { clock, plan } = testPlan(policy);
    await clock.run(execute(scripted(clock, [internal]), plan, null));
    expect(policy).toEqual({ retry: { maxAttempts: 2 }, timeouts: { attempt: 500 } });
  });
});

describe("timers", () => {
  test("three silent attempts of 300 ms under a deadline of 700 ms end at 700 ms, with at most three calls", async () => {
    const { clock, plan } = testPlan({
      retry: { maxAttempts: 5, backoff: () => 0 },
      timeouts: { attempt: 300, deadline: 700 },
    });
    const operation = scripted(clock, ["hang"]);
    const error = await failure(clock.run(execute(operation, plan, null)));
    expect(clock.now()).toBe(700);
    expect(operation.calls).toEqual([0, 300, 600]);
    expect(error).toMatchObject({
      name: "TimeoutError",
      code: "timeout",
      timer: "deadline",
      limitMs: 700,
      stopReason: "deadline",
    });
  });

  test("an error says which timer of which layer rang, after how long, and that the work may have been done", async () => {
    const { clock, plan } = testPlan({ retry: { maxAttempts: 1 }, timeouts: { attempt: 300 } });
    const error = await failure(clock.run(execute(scripted(clock, ["hang"]), plan, null)));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      timer: "attempt",
      layer: "library",
      limitMs: 300,
      elapsedMs: 300,
      requestMayHaveExecuted: true,
      stopReason: "attempts",
      message: "no answer within 300 ms (attempt timeout of the policy)",
    });
  });

  test("a fresh signal and a fresh timer for every attempt: the retry after a timeout is alive", async () => {
    const { clock, plan } = testPlan({ timeouts: { attempt: 300 } });
    const operation = scripted(clock, ["hang", { kind: "internal", takes: 299 }, "ok"]);
    expect(await clock.run(execute(operation, plan, null))).toMatchObject({ attempt: 3 });
    expect(operation.calls).toEqual([0, 400, 799]);
    expect(new Set(operation.signals).size).toBe(3);
    expect(operation.signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
  });

  test("a silence after an error is timed as well", async () => {
    const { clock, plan } = testPlan({ retry: { maxAttempts: 2 }, timeouts: { attempt: 300 } });
    const error = await failure(clock.run(execute(scripted(clock, [internal, "hang"]), plan, null)));
    expect(clock.now()).toBe(400);
    expect(error).toMatchObject({ timer: "attempt" });
  });

  test("the wait is not cut by the timer of the attempt before it", async () => {
    const { clock, plan } = testPlan({ retry: { backoff: () => 1000 }, timeouts: { attempt: 500 } });
    const operation = scripted(clock, ["hang", "ok"]);
    await clock.run(execute(operation, plan, null));
    expect(operation.calls).toEqual([0, 1500]);
  });

  test("a wait that does not fit before the deadline is not begun: the real error is thrown at once", async () => {
    const { clock, plan } = testPlan({
      retry: { backoff: () => 1000 },
      timeouts: { deadline: 900 },
      onWarning: () => {},
    });
    const error = await failure(clock.run(execute(scripted(clock, [broken()]), plan, null)));
    expect(clock.now()).toBe(0);
    expect(error).toMatchObject({ code: "network", stopReason: "deadline" });
  });

  test("a wait of 30 days makes no call for 30 days", async () => {
    const month = 30 * 24 * 3600 * 1000;
    const { clock, plan } = testPlan({
      retry: { backoff: () => month },
      timeouts: { attempt: Infinity, deadline: Infinity },
      onWarning: () => {},
    });
    const operation = scripted(clock, [internal, "ok"]);
    const work = execute(operation, plan, null);
    await clock.advance(month - 1);
    expect(operation.calls).toEqual([0]);
    await clock.run(work);
    expect(operation.calls).toEqual([0, month]);
  });

  test("a timer that fires too early does not shorten a wait", async () => {
    const inner = jumpingClock();
    const early = {
      ...inner,
      set: (wake: () => void, ms: number) => inner.set(wake, ms * 0.9),
      run: inner.run,
      advance: inner.advance,
      pending: 0,
    };
    const { plan } = testPlan({
      clock: early,
      timeouts: { attempt: Infinity, deadline: Infinity },
      onWarning: () => {},
    });
    const operation = scripted(early, [{ kind: "rate_limit", retryAfterMs: 5000 }, "ok"]);
    await inner.run(execute(operation, plan, null));
    expect(operation.calls[1]).toBeGreaterThanOrEqual(5000);
  });

  test("a connection that does not come about ends the attempt early, and nothing was sent", async () => {
    const { clock, plan } = testPlan({ retry: { maxAttempts: 1 }, timeouts: { connect: 50, attempt: 300 } });
    const operation = scripted(clock, ["ok"], {
      call: (guard) => {
        guard.connecting();
        return new Promise(() => {});
      },
    });
    const error = await failure(clock.run(execute(operation, plan, null)));
    expect(error).toMatchObject({ timer: "connect", limitMs: 50, requestMayHaveExecuted: false });
    expect(error.verdict.phase).toBe("unsent");
  });

  test("a request that waits for a connection until its attempt is over was not sent: it is safe to repeat", async () => {
    const { clock, plan } = testPlan({ timeouts: { connect: Infinity, attempt: 300 } });
    let calls = 0;
    const operation = scripted(clock, ["ok"], {
      idempotent: false,
      call: (guard, attempt) => {
        calls++;
        guard.connecting();
        if (attempt > 1) guard.connected();
        return attempt > 1 ? Promise.reject(broken()) : new Promise(() => {});
      },
    });
    const error = await failure(clock.run(execute(operation, plan, null)));
    expect(calls).toBe(2);
    expect(error).toMatchObject({ stopReason: "unsafe_replay" });
  });

  test("an answer that comes too late is freed", async () => {
    const { clock, plan } = testPlan({ retry: { maxAttempts: 1 }, timeouts: { attempt: 300 } });
    const operation = scripted(clock, [{ ...internal, takes: 400 }]);
    await failure(clock.run(execute(operation, plan, null)));
    await clock.advance(200);
    expect(operation.answers[0]?.discarded).toBe(true);
  });
});

describe("abort", () => {
  const reason = new Error("the user left");

  test("before: rejects with the signal's own reason, and calls nothing", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, ["ok"]);
    expect(await failure(execute(operation, plan, AbortSignal.abort(reason)))).toBe(reason);
    expect(operation.calls).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test("during the call: rejects at once with the reason, and the call's signal has it", async () => {
    const { clock, plan, events } = testPlan();
    const controller = new AbortController();
    const operation = scripted(clock, ["hang"]);
    const work = failure(execute(operation, plan, controller.signal));
    await clock.advance(50);
    controller.abort(reason);
    expect(await work).toBe(reason);
    expect(operation.signals[0]?.reason).toBe(reason);
    const attempts = [{ number: 1, kind: "client_closed", evidence: "aborted", stop: "aborted" }];
    expect(events).toMatchObject([{ type: "gaveUp", reason: "aborted", attempts, verdict: null }]);
  });

  test("during the wait: rejects within the tick, makes no further call, leaves no timer of its own", async () => {
    const { clock, plan } = testPlan({ retry: { backoff: () => 500 } });
    const controller = new AbortController();
    const operation = scripted(clock, [internal]);
    const work = failure(execute(operation, plan, controller.signal));
    await clock.advance(50);
    controller.abort(reason);
    expect(await work).toBe(reason);
    expect(clock.now()).toBe(50);
    expect(operation.answers[0]?.discarded).toBe(true);
    await clock.advance(3_600_000);
    expect(operation.calls).toEqual([0]);
    expect(clock.pending).toBe(0);
  });

  test("after: changes nothing", async () => {
    const { clock, plan } = testPlan();
    const controller = new AbortController();
    const answer = await execute(scripted(clock, ["ok"]), plan, controller.signal);
    controller.abort(reason);
    expect(answer).toMatchObject({ attempt: 1 });
  });

  test("inside a listener, after the last attempt: rejects all the same", async () => {
    const controller = new AbortController();
    const { clock, plan } = testPlan({
      retry: { maxAttempts: 1 },
      onEvent: ({ type }) => type === "attemptFailed" && controller.abort(reason),
    });
    expect(await failure(clock.run(execute(scripted(clock, [internal]), plan, controller.signal)))).toBe(reason);
  });

  test("during the wait: no wait is told that no attempt followed", async () => {
    const { clock, plan, events } = testPlan();
    const controller = new AbortController();
    const work = failure(execute(scripted(clock, [internal]), plan, controller.signal));
    await clock.advance(50);
    controller.abort(reason);
    await work;
    expect(events.at(-1)).toMatchObject({ type: "gaveUp", attempts: [{ waitMs: null, stop: "aborted" }] });
  });

  test("inside a listener: is obeyed before the wait", async () => {
    const controller = new AbortController();
    const { clock, plan } = testPlan({ onEvent: ({ type }) => type === "retryScheduled" && controller.abort(reason) });
    const operation = scripted(clock, [internal]);
    expect(await failure(execute(operation, plan, controller.signal))).toBe(reason);
    expect(clock.now()).toBe(0);
  });

  test("of two calls with one signal mixes nothing: the reason belongs to the caller and carries no history", async () => {
    const { clock, plan, events } = testPlan();
    const controller = new AbortController();
    const works = ["hang", "hang"].map((step) =>
      failure(execute(scripted(clock, [step as "hang"]), plan, controller.signal)),
    );
    await clock.advance(50);
    controller.abort(reason);
    await Promise.all(works);
    expect(attemptsOf(reason)).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(["gaveUp", "gaveUp"]);
    expect(events[0]!.id).not.toBe(events[1]!.id);
  });

  test("while a shared budget is asked: frees the answer at hand, and makes no further call", async () => {
    const budget = { withdraw: () => new Promise<boolean>(() => {}), deposit: () => {} };
    const { clock, plan } = testPlan({ budget });
    const controller = new AbortController();
    const operation = scripted(clock, [internal]);
    const work = failure(execute(operation, plan, controller.signal));
    await clock.advance(5);
    controller.abort(reason);
    expect(await work).toBe(reason);
    expect(operation.answers[0]?.discarded).toBe(true);
    await clock.advance(3_600_000);
    expect(operation.calls).toEqual([0]);
  });

  test("while a shared breaker is asked: nothing is sent", async () => {
    const controller = new AbortController();
    const breaker = {
      admit: () => {
        controller.abort(reason);
        return { admitted: true as const, permit: { key: "k" } as never };
      },
      settle: () => {},
    };
    const { clock, plan } = testPlan({ breaker });
    const operation = scripted(clock, ["ok"]);
    expect(await failure(clock.run(execute(operation, plan, controller.signal)))).toBe(reason);
    expect(operation.calls).toEqual([]);
  });

  test("with a primitive reason rejects with it", async () => {
    const { clock, plan } = testPlan();
    expect(await failure(execute(scripted(clock, ["ok"]), plan, AbortSignal.abort("bye")))).toBe("bye");
  });

  test("40 calls on one signal leave no listener behind, whatever became of them", async () => {
    const { signal } = new AbortController();
    const { clock, plan } = testPlan();
    for (let n = 0; n < 10; n++) {
      await clock.run(execute(scripted(clock, ["ok"]), plan, signal));
      await clock.run(execute(scripted(clock, [internal]), plan, signal));
      await failure(clock.run(execute(scripted(clock, [broken()]), plan, signal)));
      await failure(clock.run(execute(scripted(clock, ["hang"]), plan, signal)));
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("the server's hint", () => {
  const limited = { kind: "rate_limit", retryAfterMs: 120_000 } as const;

  test("of 120 s is waited for in full", async () => {
    const { clock, plan } = testPlan({ retry: { maxRetryAfter: 120_000 } });
    const operation = scripted(clock, [limited, "ok"]);
    await clock.run(execute(operation, plan, null));
    expect(operation.calls).toEqual([0, 120_000]);
  });

  test("beyond the cap ends the call at once, and is passed on", async () => {
    const { clock, plan, events } = testPlan();
    const answer = await clock.run(execute(scripted(clock, [limited]), plan, null));
    expect(clock.now()).toBe(0);
    expect(attemptsOf(answer)).toMatchObject([{ stop: "deadline", retryAfterMs: 120_000 }]);
    expect(events.at(-1)).toMatchObject({ type: "gaveUp", reason: "deadline", retryAfterMs: 120_000 });
  });

  test("of 317 years makes no hot loop", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, [{ kind: "rate_limit", retryAfterMs: 9_999_999_999_000 }]);
    await clock.run(execute(operation, plan, null));
    expect(operation.calls).toEqual([0]);
  });
});

describe("replay", () => {
  test("a POST that was not answered is not sent again, and the error says so", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, [broken()], { idempotent: false });
    expect(await failure(clock.run(execute(operation, plan, null)))).toMatchObject({ stopReason: "unsafe_replay" });
    expect(operation.calls).toHaveLength(1);
  });

  test("a POST that never went out is sent again", async () => {
    const { clock, plan } = testPlan();
    const operation = scripted(clock, [broken("unsent"), "ok"], { idempotent: false });
    expect(await clock.run(execute(operation, plan, null))).toMatchObject({ attempt: 2 });
  });

  test("longRunning repeats a POST only when the answer says that nothing was begun", async () => {
    const { clock, plan } = testPlan({ profile: "longRunning" });
    const post = { idempotent: false };
    expect(attemptsOf(await clock.run(execute(scripted(clock, [internal], post), plan, null)))).toHaveLength(1);
    const overloaded = scripted(clock, [{ kind: "overloaded" }, "ok"], post);
    expect(await clock.run(execute(overloaded, plan, null))).toMatchObject({ attempt: 2 });
  });
});

describe("events", () => {
  test("tell the failure when it happens, the wait before it begins, and the end", async () => {
    const { clock, plan, events } = testPlan();
    const seen: [string, number][] = [];
    const operation = scripted(clock, [internal, "ok"]);
    const work = execute(
      operation,
      {
        ...plan,
        onEvent: (event) => {
          seen.push([event.type, clock.now()]);
          plan.onEvent!(event);
        },
      },
      null,
    );
    await clock.run(work);
    expect(seen).toEqual([
      ["attemptFailed", 0],
      ["retryScheduled", 0],
      ["succeeded", 100],
    ]);
    expect(events).toMatchObject([
      { call: "GET https://api.test/x", type: "attemptFailed", attempt: 1, verdict: { kind: "internal" } },
      { type: "retryScheduled", attempt: 2, waitMs: 100 },
      { type: "succeeded", attempts: { length: 2 }, elapsedMs: 100 },
    ]);
  });

  test("a listener that throws breaks nothing", async () => {
    const { clock, plan } = testPlan({
      onEvent: () => {
        throw new Error("logger is down");
      },
    });
    expect(await clock.run(execute(scripted(clock, [internal, "ok"]), plan, null))).toMatchObject({ attempt: 2 });
  });
});

test("25 clients that meet the same failure come back spread over more than half of the nominal wait", async () => {
  const random = seededRandom(1);
  const clock = jumpingClock();
  const operations = Array.from({ length: 25 }, () => scripted(clock, [internal, "ok"]));
  const clients = operations.map((operation) => {
    const { plan } = testPlan({ clock, random, retry: { backoff: standard } });
    return execute(operation, plan, null);
  });
  await clock.run(Promise.all(clients));
  const second = operations.map(({ calls }) => calls[1]!);
  expect(Math.max(...second) - Math.min(...second)).toBeGreaterThan(500);
});

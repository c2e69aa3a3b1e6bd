import { describe, expect, test } from "vitest";
import { attemptsOf } from "./attempt.ts";
import { constant } from "./backoff.ts";
import { FailwellError } from "./errors.ts";
import { planOf } from "./policy.ts";
import { resolve } from "../resolve/resolve.ts";
import { retry, type RetryContext } from "./retry.ts";
import { jumpingClock } from "../testing/jumping-clock.ts";

const reset = (): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });

describe("retry", () => {
  test("calls again what failed on the network, and returns its value", async () => {
    const clock = jumpingClock();
    const contexts: RetryContext[] = [];
    const value = await clock.run(
      retry(
        async (context) => {
          contexts.push(context);
          if (context.number < 3) throw reset();
          return { answer: 42 };
        },
        { clock, retry: { backoff: constant(100) } },
      ),
    );
    expect(value).toEqual({ answer: 42 });
    expect(contexts.map(({ number, remaining }) => [number, remaining])).toEqual([
      [1, 180_000],
      [2, 179_900],
      [3, 179_800],
    ]);
    expect(attemptsOf(value)).toHaveLength(3);
  });

  test("an error that carries an answer is judged by it", async () => {
    const clock = jumpingClock();
    let calls = 0;
    const error = Object.assign(new Error("429 You exceeded your current quota"), {
      status: 429,
      headers: new Headers(),
      error: { message: "You exceeded your current quota", type: "insufficient_quota", code: "insufficient_quota" },
    });
    const work = retry(
      async () => {
        calls++;
        throw error;
      },
      { clock },
    );
    expect(await clock.run(work).catch((reason: unknown) => reason)).toBe(error);
    expect(calls).toBe(1);
  });

  test("what is thrown by mistake is not done again", async () => {
    const bug = new TypeError("x is not a function");
    let calls = 0;
    const work = retry(() => {
      calls++;
      throw bug;
    });
    expect(await work.catch((reason: unknown) => reason)).toBe(bug);
    expect(calls).toBe(1);
  });

  test("what does harm when done twice is done again only if it never arrived", async () => {
    const clock = jumpingClock();
    let calls = 0;
    const work = retry(
      async () => {
        calls++;
        throw reset();
      },
      { clock },
      { idempotent: false },
    );
    const error = await clock.run(work).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "network", stopReason: "unsafe_replay" });
    expect(calls).toBe(1);
  });

  test("a call that never settles ends with the deadline", async () => {
    const clock = jumpingClock();
    const signals: AbortSignal[] = [];
    const work = retry(
      ({ signal }) => {
        signals.push(signal);
        return new Promise<never>(() => {});
      },
      { clock, timeouts: { deadline: 500 }, onWarning: () => {} },
    );
    const error = await clock.run(work).catch((reason: unknown) => reason);
    expect(FailwellError.is(error, "timeout")).toBe(true);
    expect(clock.now()).toBe(500);
    expect(signals[0]?.aborted).toBe(true);
  });

  test("one plan serves many calls, which share its budget", async () => {
    const clock = jumpingClock();
    const plan = planOf({ clock, retry: { backoff: constant(0) } }, resolve);
    let calls = 0;
    for (let n = 0; n < 30; n++)
      await clock
        .run(
          retry(async () => {
            calls++;
            throw reset();
          }, plan),
        )
        .catch(() => {});
    expect(calls).toBe(40);
  });

  test("around a call that failed well keeps the history of that call, as the cause", async () => {
    const clock = jumpingClock();
    // Later than at once: who calls at once is seen to be inside, and makes one attempt.
    const inner = async (): Promise<never> => {
      await Promise.resolve();
      return retry(
        async () => {
          throw reset();
        },
        { clock, retry: { backoff: constant(1) } },
      );
    };
    const error = await clock
      .run(retry(inner, { clock, retry: { maxAttempts: 1 } }))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "network", attempts: { length: 1 }, cause: { attempts: { length: 3 } } });
  });

  test("an abort ends it with the signal's own reason", async () => {
    const reason = new Error("left");
    expect(await retry(async () => 1, {}, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).toBe(
      reason,
    );
  });
});

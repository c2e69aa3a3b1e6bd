import { describe, expect, test } from "vitest";
import type { Attempt } from "./attempt.ts";
import { FailwellError, giveUp, localVerdict, refusal, TimeoutError } from "./errors.ts";

const attempt: Attempt = {
  number: 1,
  startedMs: 0,
  elapsedMs: 12,
  status: null,
  phase: "unanswered",
  kind: "network",
  evidence: "thrown ECONNRESET",
  retryAfterMs: null,
  requestId: null,
  waitMs: null,
  stop: "attempts",
};
const secret = "sk-proj-abcdefghijklmnopqrstuvwx";
const network = localVerdict("network", "unanswered", "thrown ECONNRESET", true);

describe("an error of the family", () => {
  test("is known by its code, whichever copy of the package made it", () => {
    const error = new FailwellError("network", "x", { verdict: network, stopReason: "attempts" });
    const foreign = { code: "network", verdict: network, stopReason: "attempts" };
    expect(FailwellError.is(error)).toBe(true);
    expect(FailwellError.is(error, "network")).toBe(true);
    expect(FailwellError.is(error, "timeout")).toBe(false);
    expect(FailwellError.is(foreign, "network")).toBe(true);
  });

  test.each([null, undefined, "network", 7, {}, new Error("x"), { code: "network" }])("%s is not one", (value) => {
    expect(FailwellError.is(value)).toBe(false);
  });

  test("shows no secret in its message, and keeps the raw error as its cause", () => {
    const cause = new Error(`connect ECONNREFUSED 10.0.3.17:8080 with ${secret}`);
    const verdict = localVerdict("network", "unsent", "thrown ECONNREFUSED", true);
    const error = giveUp(cause, verdict, [attempt], "attempts") as FailwellError;
    expect(error.message).not.toContain("10.0.3.17");
    expect(error.message).not.toContain("sk-proj");
    expect(error.message).toBe("network failure on attempt 1, stopped: attempts");
    expect(error.cause).toBe(cause);
    expect(JSON.stringify(error)).not.toMatch(/10\.0\.3\.17|sk-proj-abc/);
  });

  test("as JSON is plain data of at most 16 KiB, however much went wrong", () => {
    let cause: unknown = "end";
    for (let n = 0; n < 50; n++) cause = new Error("\ud800".repeat(10_000), { cause });
    const upstream = {
      status: 500,
      code: "c".repeat(10_000),
      message: '"\\\ud800漢\u0000'.repeat(50_000),
      requestId: "r".repeat(10_000),
    };
    const verdict = { ...network, upstream, evidence: "e".repeat(10_000) };
    const attempts = Array.from({ length: 500 }, (_, n) => ({
      ...attempt,
      number: n + 1,
      evidence: "漢".repeat(5000),
      requestId: "r".repeat(5000),
    }));
    const error = giveUp(cause, verdict, attempts, "attempts") as FailwellError;
    const json = JSON.stringify(error);
    expect(new TextEncoder().encode(json).length).toBeLessThanOrEqual(16 * 1024);
    expect(structuredClone(error.toJSON())).toEqual(JSON.parse(json));
    // The newest attempts are kept.
    expect((error.toJSON()["attempts"] as Attempt[]).at(-1)?.number).toBe(500);
  });

  test("as JSON survives a cause that points back at itself", () => {
    const cause = new Error("wrapper");
    cause.cause = cause;
    const error = giveUp(cause, network, [attempt], "attempts") as FailwellError;
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      causes: [{ name: "Error", code: null }],
    });
  });

  test("as JSON says what happened", () => {
    const cause = Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    });
    expect((giveUp(cause, network, [attempt], "attempts") as FailwellError).toJSON()).toMatchObject({
      name: "FailwellError",
      code: "network",
      message: "network failure on attempt 1, stopped: attempts",
      stopReason: "attempts",
      retryAfterMs: null,
      verdict: { kind: "network", phase: "unanswered", evidence: "thrown ECONNRESET" },
      attempts: [{ number: 1, elapsedMs: 12 }],
      causes: [
        { name: "TypeError", code: null },
        { name: "Error", code: "ECONNRESET" },
      ],
    });
  });
});

describe("giving up", () => {
  test("a failure that is none of the network stays what it is", () => {
    const bug = new RangeError("bug");
    expect(giveUp(bug, localVerdict("unknown", "unanswered", "thrown", false), [attempt], "fatal")).toBe(bug);
  });

  test.each([
    ["UND_ERR_CONNECT_TIMEOUT", "unsent", "connect", false],
    ["UND_ERR_HEADERS_TIMEOUT", "unanswered", "attempt", true],
    ["UND_ERR_BODY_TIMEOUT", "unanswered", "idle", true],
  ] as const)("a timeout of the transport says so: %s", (code, phase, timer, requestMayHaveExecuted) => {
    const verdict = localVerdict("timeout", phase, `thrown ${code}`, true);
    const error = giveUp(
      new Error("raw"),
      { ...verdict, upstream: { ...verdict.upstream, code } },
      [attempt],
      "attempts",
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      timer,
      layer: "transport",
      limitMs: null,
      elapsedMs: 12,
      requestMayHaveExecuted,
      stopReason: "attempts",
    });
  });

  test("a timeout of the policy is told which timer, which limit, how long it took", () => {
    const error = new TimeoutError("deadline", { limitMs: 700, elapsedMs: 700.4, phase: "unanswered" });
    expect(error.toJSON()).toMatchObject({
      name: "TimeoutError",
      message: "not finished within 700 ms (deadline timeout of the policy)",
      timer: "deadline",
      layer: "library",
      limitMs: 700,
      elapsedMs: 700,
      requestMayHaveExecuted: true,
    });
    expect(error.verdict.retryable).toBe(false);
  });
});

describe("a refusal", () => {
  test("of a breaker that a person switched off names no time", () => {
    const error = refusal("circuit_open", "https://api.test", Infinity);
    expect(error.message).toBe("https://api.test: circuit is open, until it is switched on");
    expect(error).toMatchObject({ retryAfterMs: null, verdict: { retryable: false } });
  });

  test("of a cool-down says when", () => {
    expect(refusal("cooling_down", "https://api.test", 1500.2)).toMatchObject({
      message: "https://api.test: cool-down is on, next attempt in 1501 ms",
      retryAfterMs: 1501,
      stopReason: "deadline",
    });
  });
});

import { AmbiguousOutcomeError, FailwellError, TimeoutError, type Attempt } from "@failwell/fetch";
import { resolve } from "@failwell/core";
import { describe, expect, test } from "vitest";
import type { Call } from "./call.ts";
import { labelOf, rowOf, tally, waitsText } from "./row.ts";

const attempt: Attempt = {
  number: 1,
  startedMs: 0,
  elapsedMs: 30,
  status: 200,
  phase: "answered",
  kind: null,
  evidence: null,
  retryAfterMs: null,
  requestId: null,
  waitMs: null,
  stop: "settled",
};
const limited: Attempt = { ...attempt, status: 429, kind: "rate_limit", evidence: "status 429", stop: null };
const call: Call = {
  method: "GET",
  url: "http://127.0.0.1:1/x",
  attempts: [attempt],
  events: [],
  verdict: null,
  status: 200,
  body: "",
  error: null,
};

describe("a row", () => {
  test("tells a success without a verdict", () => {
    expect(rowOf(call)).toEqual({
      attempts: "200",
      waits: [],
      verdict: "-",
      evidence: "-",
      outcome: "200",
      stop: "settled",
      note: "",
    });
  });

  test("tells attempts and waits in their order, and what the last failure meant", () => {
    const verdict = resolve({ status: 429 })!;
    const events = [
      { type: "retryScheduled", id: 1, call: "", attempt: 2, waitMs: 1000, cause: verdict },
      { type: "coolingDown", id: 1, call: "", attempt: 2, waitMs: 500 },
    ] as const;
    expect(rowOf({ ...call, attempts: [limited, attempt], events, verdict }, "1 job")).toEqual({
      attempts: "429 → 200",
      waits: [1000, 500],
      verdict: "rate_limit, quota",
      evidence: "status 429",
      outcome: "200",
      stop: "settled",
      note: "1 job",
    });
  });

  test("names what was thrown, with its timer or its code, and behind the status when the body broke", () => {
    const timeout = new TimeoutError("idle", { limitMs: 60_000, elapsedMs: 60_000, phase: "answered" });
    expect(rowOf({ ...call, error: timeout }).outcome).toBe("200, then TimeoutError (idle)");
    const { verdict } = timeout;
    const broken = new FailwellError("network", "reset", { verdict, stopReason: "unsafe_replay" });
    expect(rowOf({ ...call, status: null, error: broken })).toMatchObject({
      outcome: "FailwellError (network)",
      stop: "unsafe_replay",
    });
    const lost = new AmbiguousOutcomeError(broken, { call: "POST /", idempotencyKey: null }, 1);
    expect(rowOf({ ...call, status: null, error: lost }).outcome).toBe("AmbiguousOutcomeError (timeout)");
    expect(rowOf({ ...call, status: null, error: new DOMException("gone", "AbortError") }).outcome).toBe("AbortError");
  });
});

test.each([
  [attempt, "200"],
  [{ ...attempt, status: null, kind: "timeout", evidence: "timer attempt" }, "timeout"],
  [{ ...attempt, status: null, kind: "network", evidence: "thrown ECONNRESET" }, "ECONNRESET"],
  [{ ...attempt, status: null, stop: "aborted" }, "aborted"],
  [{ ...attempt, status: null }, "no answer"],
] as const)("an attempt %j is called %s", (one, label) => {
  expect(labelOf(one)).toBe(label);
});

test("many calls are counted by what their attempts came to", () => {
  expect(tally([{ ...call, attempts: [limited, attempt] }, call])).toBe("1 × 429, 2 × 200");
});

test.each([
  [[], ""],
  [[1560], "waited 1.6 s"],
  [[1000, 2000, 4000], "waited 1 s, 2 s, 4 s"],
  [[3000, 1000, 2000, 4000], "4 × 1 s to 4 s"],
])("waits of %j ms are told as %j", (waits, text) => {
  expect(waitsText(waits)).toBe(text);
});

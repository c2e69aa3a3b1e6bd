import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { fromWire } from "./from-wire.ts";
import type { Verdict } from "../verdict.ts";
import { verdictOf } from "./wire.fixture.ts";
import { toWire, type WireDialect } from "./to-wire.ts";

const numRuns = Number(process.env["FUZZ_RUNS"] ?? 2000);

describe("the documented object", () => {
  test("message, type and the reason phrase as code", () => {
    expect(toWire(verdictOf("bad_request"), { message: "Invalid request body" })).toEqual({
      status: 400,
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-should-retry": "false",
      },
      body: { error: { message: "Invalid request body", type: "invalid_request_error", code: "Bad Request" } },
    });
  });

  test("error_id is inside error, and both ids are headers", () => {
    const { headers, body } = toWire(verdictOf("unavailable"), { errorId: "err_01", requestId: "req_7" });
    expect(body).toEqual({
      error: {
        message: "Temporary service or quota backend issue",
        type: "unavailable_error",
        code: "Service Unavailable",
        error_id: "err_01",
      },
    });
    expect(headers).toMatchObject({ "x-error-id": "err_01", "x-request-id": "req_7", "x-should-retry": "true" });
  });

  test.each([
    [400, "Bad Request"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "Not Found"],
    [405, "Method Not Allowed"],
    [429, "Too Many Requests"],
    [499, "Client Closed Request"],
    [500, "Internal Server Error"],
    [502, "Bad Gateway"],
    [503, "Service Unavailable"],
    [504, "Gateway Timeout"],
  ])("code for %i is %s", (status, code) => {
    expect(toWire(verdictOf("unknown", { status })).body.error.code).toBe(code);
  });
});

test("each dialect in full", () => {
  const verdict = verdictOf("rate_limit", { retryAfterMs: 1500 });
  const options = { errorId: "err_1", requestId: "req_1", message: "slow down" };
  expect(toWire(verdict, { ...options, dialect: "openai" }).body).toEqual({
    error: {
      message: "slow down",
      type: "rate_limit_error",
      param: null,
      code: "rate_limit_exceeded",
      error_id: "err_1",
    },
  });
  expect(toWire(verdict, { ...options, dialect: "anthropic" }).body).toEqual({
    type: "error",
    error: { type: "rate_limit_error", message: "slow down" },
    request_id: "req_1",
    error_id: "err_1",
  });
  const problem = toWire(verdict, { ...options, dialect: "problem" });
  expect(problem.body).toEqual({
    type: "urn:failwell:error:rate_limit",
    title: "Rate limit or quota exhausted",
    status: 429,
    detail: "slow down",
    code: "Too Many Requests",
    error_id: "err_1",
    retry_after: 2,
  });
  expect(problem.headers["content-type"]).toBe("application/problem+json");
});

describe("what leaves", () => {
  const dialects: WireDialect[] = ["failwell", "openai", "anthropic", "problem"];

  test.each(dialects)("nothing of the upstream, in %s", (dialect) => {
    expect(JSON.stringify(toWire(verdictOf("upstream"), { dialect }))).not.toMatch(/up_code|upstream said|req_up|sk-/);
  });

  test.each(dialects)("a message is redacted and stripped, in %s", (dialect) => {
    const { body } = toWire(verdictOf("internal"), { dialect, message: "key sk-abc123\u001B[31m\u202E at 10.0.0.1" });
    expect(fromWire(body)?.message).toBe("key [key] at [ip]");
  });

  test("a message of nothing is the meaning", () => {
    expect(toWire(verdictOf("internal"), { message: "\u200B" }).body.error.message).toBe("Internal server error");
  });

  test.each([
    ["code", "x".repeat(65)],
    ["code", "a\r\nb"],
    ["code", ""],
    ["code", 429],
    ["errorId", "a b"],
    ["errorId", "a\r\nset-cookie: x"],
    ["errorId", "x".repeat(129)],
    ["requestId", "é"],
    ["requestId", null],
    ["dialect", "klingon"],
    ["dialect", "constructor"],
  ])("an option that is not valid is left out: %s %j", (name, value) => {
    const verdict = verdictOf("conflict");
    expect(toWire(verdict, { [name]: value })).toEqual(toWire(verdict));
  });

  test("a code of one's own replaces the usual one", () => {
    const options = { code: "missing_prompt" };
    expect(toWire(verdictOf("bad_request"), options).body.error.code).toBe("missing_prompt");
    expect(toWire(verdictOf("bad_request"), { ...options, dialect: "openai" }).body.error.code).toBe("missing_prompt");
    expect(toWire(verdictOf("bad_request"), { ...options, dialect: "problem" }).body.code).toBe("missing_prompt");
  });
});

describe("status and wait", () => {
  test.each([
    [200, 400],
    [302, 400],
    [410, 410],
    [600, 599],
    [529.9, 529],
    [Number.NaN, 502],
  ])("status %d is answered as %i", (status, expected) => {
    expect(toWire(verdictOf("upstream", { status })).status).toBe(expected);
  });

  test.each([
    [0, "1"],
    [1, "1"],
    [1000, "1"],
    [1001, "2"],
    [60_000, "60"],
    [9e15, "2147483647"],
    [Infinity, "2147483647"],
    [null, undefined],
    [-1, undefined],
    [Number.NaN, undefined],
  ])("%d ms are a retry-after of %s s", (retryAfterMs, expected) => {
    const { headers, body } = toWire(verdictOf("rate_limit", { retryAfterMs }), { dialect: "problem" });
    expect(headers["retry-after"]).toBe(expected);
    expect(body.retry_after).toBe(expected === undefined ? undefined : Number(expected));
  });
});

describe("anything goes in", () => {
  test.each([null, undefined, "x", 1, {}, { kind: "toString" }, { kind: "__proto__", status: "x", meaning: 1 }])(
    "a verdict that is none is an unknown error: %j",
    (verdict) => {
      const { status, body } = toWire(verdict as unknown as Verdict);
      expect(status).toBe(500);
      expect(body.error).toMatchObject({ type: "unknown_error", code: "Internal Server Error" });
    },
  );

  test("headers are always plain ASCII, the status always an error", () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        fc.constantFrom("kind", "status", "message", "errorId", "code"),
        (a, b, key) => {
          const verdict = { ...verdictOf("internal"), [key]: a, retryAfterMs: b } as Verdict;
          const { status, headers } = toWire(verdict, { [key]: a, requestId: b } as object);
          expect(status >= 400 && status <= 599).toBe(true);
          for (const value of Object.values(headers)) expect(value).toMatch(/^[ -~]+$/);
        },
      ),
      { numRuns },
    );
  });
});

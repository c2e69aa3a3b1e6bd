import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { fromWire, type WireError } from "./from-wire.ts";

const nothing: WireError = {
  dialect: null,
  message: null,
  type: null,
  code: null,
  errorId: null,
  requestId: null,
  status: null,
  kind: null,
  retryAfterMs: null,
};

describe("the documented object", () => {
  const documented = { error: { message: "Invalid request body", type: "invalid_request_error", code: "Bad Request" } };
  const expected: WireError = {
    ...nothing,
    dialect: "failwell",
    message: "Invalid request body",
    type: "invalid_request_error",
    code: "Bad Request",
    kind: "bad_request",
  };

  test.each<[string, unknown]>([
    ["an object", documented],
    ["JSON text", JSON.stringify(documented)],
    ["JSON text after a byte order mark", `\uFEFF ${JSON.stringify(documented)}\n`],
    ["bytes", new TextEncoder().encode(JSON.stringify(documented))],
    ["with fields nobody knows", { ...documented, extra: [1], ok: false }],
  ])("out of %s", (_, body) => {
    expect(fromWire(body)).toEqual(expected);
  });

  test("error_id inside error or beside it", () => {
    expect(fromWire({ error: { ...documented.error, error_id: "err_in" } })?.errorId).toBe("err_in");
    expect(fromWire({ ...documented, error_id: "err_out" })?.errorId).toBe("err_out");
  });

  test.each<[unknown, WireError["code"], WireError["kind"], WireError["status"]]>([
    ["Too Many Requests", "Too Many Requests", "rate_limit", null],
    ["bad_gateway", "bad_gateway", "upstream", null],
    ["service_unavailable", "service_unavailable", "unavailable", null],
    ["method_not_allowed", "method_not_allowed", "method_not_allowed", null],
    ["insufficient_quota", "insufficient_quota", "quota_exhausted", null],
    [502, 502, "upstream", 502],
    ["429", "429", "rate_limit", 429],
    [7, 7, null, null],
    [429.5, 429.5, null, null],
    [null, null, null, null],
    [undefined, null, null, null],
    [["x"], null, null, null],
  ])("code %j is %j, which means %s", (code, expectedCode, kind, status) => {
    const read = fromWire({ error: { message: "m", type: "client_error", code } });
    expect(read).toEqual({
      ...nothing,
      dialect: "failwell",
      message: "m",
      type: "client_error",
      code: expectedCode,
      kind,
      status,
    });
  });
});

describe("other dialects", () => {
  test.each<[string, unknown, Partial<WireError>]>([
    [
      "OpenAI",
      { error: { message: "m", type: "insufficient_quota", param: null, code: null } },
      { dialect: "openai", message: "m", type: "insufficient_quota", kind: "quota_exhausted" },
    ],
    [
      "OpenAI, a wrong path",
      { error: { message: "m", type: "invalid_request_error", param: null, code: "unknown_url" } },
      { dialect: "openai", message: "m", type: "invalid_request_error", code: "unknown_url", kind: "not_found" },
    ],
    [
      "Anthropic",
      { type: "error", error: { details: null, type: "overloaded_error", message: "Overloaded" }, request_id: "req_1" },
      { dialect: "anthropic", message: "Overloaded", type: "overloaded_error", requestId: "req_1", kind: "overloaded" },
    ],
    [
      "RFC 9457",
      {
        type: "https://example.com/credit",
        title: "No credit",
        status: 403,
        detail: "30, but that costs 50",
        retry_after: 2,
      },
      {
        dialect: "problem",
        message: "30, but that costs 50",
        type: "https://example.com/credit",
        status: 403,
        kind: "permission",
        retryAfterMs: 2000,
      },
    ],
    [
      "RFC 9457 without detail",
      { title: "Not Found", status: 404 },
      { dialect: "problem", message: "Not Found", status: 404, kind: "not_found" },
    ],
    [
      "an unknown kind of ours",
      { type: "urn:failwell:error:new", title: "t", detail: "d" },
      { dialect: "problem", message: "d", type: "urn:failwell:error:new" },
    ],
    ["error as text", { error: "inference failed" }, { message: "inference failed" }],
    [
      "error as a phrase",
      { statusCode: 404, error: "Not Found", message: "Cannot GET /" },
      { message: "Cannot GET /", code: "Not Found", status: 404, kind: "not_found" },
    ],
    ["error as a flag", { error: true, message: "Invalid model" }, { message: "Invalid model" }],
    ["OAuth", { error: "invalid_grant", error_description: "expired" }, { message: "expired", code: "invalid_grant" }],
    [
      "message alone",
      { message: "slow down", code: "rate_limit_exceeded" },
      { message: "slow down", code: "rate_limit_exceeded", kind: "rate_limit" },
    ],
    ["FastAPI", { detail: "Not Found" }, { message: "Not Found" }],
    [
      "FastAPI's list",
      { detail: [{ loc: ["body"], msg: "field required" }, "too long", 7] },
      { message: "field required; too long" },
    ],
    [
      "detail as an object",
      { detail: { message: "no", code: "conflict" } },
      { dialect: "failwell", message: "no", code: "conflict", kind: "conflict" },
    ],
    [
      "a type without a message",
      { error: { type: "timeout_error" } },
      { dialect: "failwell", type: "timeout_error", kind: "timeout" },
    ],
  ])("%s", (_, body, expected) => {
    expect(fromWire(body)).toEqual({ ...nothing, ...expected });
  });
});

describe("no error is null", () => {
  test.each<[string, unknown]>([
    ["nothing", null],
    ["text that is no JSON", "<html>502</html>"],
    ["JSON that is no object", "[1]"],
    ["a success", { id: "1", object: "chat.completion", choices: [] }],
    ["a success with error: null", { status: "completed", error: null, message: "done" }],
    ["error: false", { error: false, message: "done" }],
    ["an empty error", { error: {} }],
    ["a message object", { type: "message", message: { role: "assistant" } }],
    ["a title without a status", { title: "Moby-Dick" }],
    ["more than 64 KiB", JSON.stringify({ error: { message: "x".repeat(65_536) } })],
    ["more than 64 KiB of bytes", new Uint8Array(65_537)],
    ["an inherited error", Object.create({ error: { message: "m" } })],
  ])("%s", (_, body) => {
    expect(fromWire(body)).toBeNull();
  });
});

test("names of Object.prototype are no fields, codes or types", () => {
  const body =
    '{"__proto__":{"polluted":1},"error":{"message":"m","type":"constructor","code":"toString","__proto__":{"error_id":"x"}}}';
  expect(fromWire(body)).toEqual({
    ...nothing,
    dialect: "failwell",
    message: "m",
    type: "constructor",
    code: "toString",
  });
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("takes any value", () => {
  const field = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true });
  const numRuns = Number(process.env["FUZZ_RUNS"] ?? 2000);
  fc.assert(
    fc.property(field, field, field, (a, b, c) => {
      for (const body of [
        a,
        { error: a, detail: b },
        { error: { message: a, code: b, type: c } },
        { detail: [a], code: b, title: c },
      ]) {
        const read = fromWire(body);
        expect(read === null || (read.message ?? read.type ?? read.code) !== null).toBe(true);
      }
    }),
    { numRuns },
  );
  expect(
    fromWire({
      get error() {
        throw new Error("no");
      },
    }),
  ).toBeNull();
});

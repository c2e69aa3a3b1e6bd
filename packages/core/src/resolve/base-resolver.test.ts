import { describe, expect, test } from "vitest";
import { openai } from "../dialects/openai.ts";
import { allReaders } from "../readers/all.ts";
import { speech } from "../readers/speech.ts";
import { waits } from "../readers/waits.ts";
import { createBaseResolver } from "./base-resolver.ts";

const bare = createBaseResolver();

describe("without readers", () => {
  test.each([
    [402, "payment_required", false],
    [404, "not_found", false],
    [408, "timeout", true],
    [429, "rate_limit", true],
    [444, "bad_request", false],
    [500, "internal", true],
    [508, "internal", false],
    [525, "upstream", false],
    [529, "overloaded", true],
    [555, "internal", true],
  ])("the status speaks: %d is %s, retryable %s", (status, kind, retryable) => {
    expect(bare({ status })).toMatchObject({
      kind,
      retryable,
      fault: expect.any(String),
      evidence: `status ${status}`,
    });
  });

  test.each<[string, unknown, string | null, string | null]>([
    ["OpenAI's envelope", { error: { message: "m", type: "t", code: "c" } }, "c", "m"],
    ["Anthropic's envelope", { type: "error", error: { type: "t", message: "m" } }, "t", "m"],
    ["a flat object", { message: "m", type: "t", code: null }, "t", "m"],
    ["an error that is a text", { error: "m" }, null, "m"],
    ["a list", [{ error: { message: "m", code: "c" } }], "c", "m"],
    ["details", { detail: [{ type: "missing", msg: "a" }, { msg: "b" }] }, null, "a; b"],
    ["a problem document", { type: "about:blank", title: "t", detail: "d" }, null, "d"],
    ["JSON in a message", { error: { message: '{"error":{"message":"m","code":"c"}}' } }, "c", "m"],
    ["a code that is the status", { error: { message: "m", code: 400 } }, null, "m"],
  ])("reads %s", (_, body, code, message) => {
    for (const form of [body as object, JSON.stringify(body), new TextEncoder().encode(JSON.stringify(body))]) {
      expect(bare({ status: 400, body: form })?.upstream).toEqual({ status: 400, code, message, requestId: null });
    }
  });

  test("a text is the message, a page is none", () => {
    expect(bare({ status: 500, body: " Broken\n" })?.upstream.message).toBe("Broken");
    expect(bare({ status: 502, body: "<html><title>502</title></html>" })?.upstream.message).toBeNull();
    expect(bare({ status: 502, body: "<html>" })?.fault).toBe("upstream");
  });

  test("a success is one, unless it holds an error", () => {
    expect(bare({ status: 200, body: { error: null } })).toBeNull();
    expect(bare({ status: 302, headers: { location: "/login" } })).toBeNull();
    expect(bare({ status: 200, body: { error: { code: 503, message: "m" } } })).toMatchObject({ kind: "unavailable" });
    expect(bare({ status: 200, body: { error: { message: "m" } } })).toMatchObject({
      kind: "unknown",
      retryable: false,
      evidence: "body json",
    });
  });

  test("the server's wait and its word on retrying are obeyed", () => {
    const wait = (headers: Record<string, string>): number | null | undefined =>
      bare({ status: 503, headers }, { now: 0 })?.retryAfterMs;
    expect(wait({ "Retry-After": "2" })).toBe(2000);
    expect(wait({ "retry-after-ms": "150" })).toBe(150);
    expect(wait({ "retry-after": "Thu, 01 Jan 1970 00:00:03 GMT" })).toBe(3000);
    expect(wait({ "retry-after": "5", "x-should-retry": "false" })).toBeNull();
    expect(bare({ status: 400, headers: { "x-should-retry": "true" } })).toMatchObject({
      kind: "bad_request",
      retryable: true,
      evidence: "header x-should-retry",
    });
  });

  test("request ids come from the body, then from the header", () => {
    const headers = { "x-request-id": "h" };
    expect(bare({ status: 500, headers, body: { request_id: "b" } })?.upstream.requestId).toBe("b");
    expect(bare({ status: 500, headers })?.upstream.requestId).toBe("h");
  });

  test("what is thrown is read in full", () => {
    const cause = Object.assign(new Error("connect ECONNREFUSED 192.0.2.1:443"), { code: "ECONNREFUSED" });
    expect(bare({ error: new TypeError("fetch failed", { cause }) })).toMatchObject({
      kind: "network",
      phase: "unsent",
      retryable: true,
    });
    const verdict = bare({ status: 503 })!;
    expect(bare({ error: Object.assign(new Error("x"), { verdict }) })).toBe(verdict);
  });

  test("no name of a provider does harm", () => {
    expect(bare({ status: 429 }, { provider: "openai" })).toMatchObject({ provider: null, kind: "rate_limit" });
  });
});

test("readers may be picked one by one", () => {
  const quota = { error: { code: "insufficient_quota", message: "Please try again in 3s." } };
  const outcome = { status: 429, body: quota };
  expect(bare(outcome)).toMatchObject({ kind: "rate_limit", retryAfterMs: null });
  expect(createBaseResolver({ readers: [waits] })(outcome)).toMatchObject({ kind: "rate_limit", retryAfterMs: 3000 });
  expect(createBaseResolver({ readers: [speech([openai])] })(outcome)).toMatchObject({ kind: "quota_exhausted" });
});

test("all readers with no dialect still know the words that codes are made of", () => {
  const resolve = createBaseResolver({ readers: allReaders([]) });
  expect(resolve({ status: 500, body: { __type: "ns#ThrottlingException" } })).toMatchObject({
    kind: "rate_limit",
    provider: null,
    evidence: "code ThrottlingException",
  });
});

import { resolve, type Verdict } from "@failwell/core";
import { describe, expect, test } from "vitest";
import { type Case, errorOf, parseCases } from "./cases.ts";
import { compare, fields, outcomeOf, score } from "./score.ts";

const one: Case = {
  id: "acme-429",
  provider: "generic",
  status: 429,
  headers: { "retry-after": "2", "x-request-id": "r1" },
  body: '{"error":{"code":"rate_limit_exceeded","message":"slow down"}}',
  expect: {
    kind: "overloaded",
    kindAlt: ["rate_limit"],
    retryable: true,
    retryAfterMs: 2000,
    code: "rate_limit_exceeded",
    upstreamMessage: "slow down",
    requestId: "r1",
  },
};

const right = resolve(outcomeOf(one))!;

function missed(change: Partial<Verdict> | { upstream: Partial<Verdict["upstream"]> }, id: string = one.id): string[] {
  const upstream = { ...right.upstream, ...change.upstream };
  return compare({ ...one, id }, { ...right, ...change, upstream }).map(({ field }) => field);
}

test("a right verdict misses nothing, with the second-best kind too", () => {
  expect(score([one], resolve)).toEqual([]);
});

describe("a wrong verdict fails in the field that is wrong", () => {
  test.each<[string, Parameters<typeof missed>[0]]>([
    ["kind", { kind: "unknown" }],
    ["retryable", { retryable: false }],
    ["retryAfterMs", { retryAfterMs: 3001 }],
    ["retryAfterMs", { retryAfterMs: null }],
    ["code", { upstream: { code: "rate_limit" } }],
    ["code", { upstream: { code: null } }],
    ["upstreamMessage", { upstream: { message: "slow" } }],
    ["requestId", { upstream: { requestId: null } }],
  ])("%s", (field, change) => {
    expect(missed(change)).toEqual([field]);
  });
  test("all of them when an error is taken for none", () => {
    expect(compare(one, null).map(({ field }) => field)).toEqual(fields);
  });
  test("all of them when a success is taken for an error", () => {
    expect(compare({ ...one, id: "odd-200-ok-content-mentions-error" }, right)).toHaveLength(fields.length);
    expect(compare({ ...one, id: "odd-200-ok-content-mentions-error" }, null)).toEqual([]);
  });
});

describe("allows what the case format allows, for the case that it names", () => {
  test("a second of difference", () => {
    expect(missed({ retryAfterMs: 3000 })).toEqual([]);
    expect(missed({ retryAfterMs: 1000 })).toEqual([]);
  });
  test("no wait, or the first of a list", () => {
    expect(missed({ retryAfterMs: null }, "graphql-200-throttled")).toEqual([]);
    expect(missed({ retryAfterMs: 5000 }, "odd-ra-list")).toEqual([]);
    expect(missed({ retryAfterMs: 5000 }, "odd-ra-suffix")).toEqual(["retryAfterMs"]);
  });
  test("a message cut after 200 characters, but not before", () => {
    const long = { ...one, id: "odd-huge-message", expect: { ...one.expect, upstreamMessage: "A".repeat(300) } };
    const verdict = (length: number): Verdict => ({
      ...right,
      upstream: { ...right.upstream, message: "A".repeat(length) },
    });
    expect(compare(long, verdict(200))).toEqual([]);
    expect(compare(long, verdict(199))).toHaveLength(1);
  });
  test("the recovered beginning of a truncated message, but no other text", () => {
    const cut = { ...one, id: "odd-truncated-json", expect: { ...one.expect, upstreamMessage: null } };
    const verdict = (message: string): Verdict => ({ ...right, upstream: { ...right.upstream, message } });
    expect(compare(cut, verdict("The upstream server"))).toEqual([]);
    expect(compare(cut, verdict("Another text"))).toHaveLength(1);
  });
});

describe("errors are built from their description", () => {
  test("with name, message, further properties and causes", () => {
    const error = errorOf({
      name: "TypeError",
      message: "fetch failed",
      cause: { code: "ECONNRESET", message: "read", port: 80 },
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "TypeError",
      message: "fetch failed",
      cause: { code: "ECONNRESET", message: "read", port: 80 },
    });
    expect((error as Error).cause).toBeInstanceOf(Error);
  });
  test("with a cause that leads back, a list of errors, a primitive", () => {
    const cyclic = errorOf({ message: "x", cause: { $ref: "#" } }) as Error;
    expect(cyclic.cause).toBe(cyclic);
    const list = errorOf({ message: "x", errors: [{ message: "y" }] }) as AggregateError;
    expect(list.errors[0]).toBeInstanceOf(Error);
    expect(errorOf({ message: "x", cause: { $primitive: 7 } })).toMatchObject({ cause: 7 });
    expect(errorOf({ $primitive: "boom" })).toBe("boom");
    expect(errorOf("bare")).toBe("bare");
  });
});

describe("a line that is no case is named with its place", () => {
  test.each([
    ["{", /^f:1: not JSON: /],
    ["7", /^f:1: not an object$/],
    ["{}", /^f:1: id must be a string$/],
    ['{"id":"a"}', /^f:1: status must be a number, or thrown present$/],
    ['{"id":"a","status":1}', /^f:1: body must be a string$/],
    ['{"id":"a","status":1,"body":""}', /^f:1: expect must be an object$/],
    ['{"id":"a","status":1,"body":"","expect":{}}', /^f:1: expect.kind must be a string$/],
    ["", /^f: no case in it$/],
    [`${JSON.stringify(one)}\n\nnot`, /^f:3: not JSON: /],
  ])("%s", (text, message) => {
    expect(() => parseCases(text, "f")).toThrow(message);
  });
});

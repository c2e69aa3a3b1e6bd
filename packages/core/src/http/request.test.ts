import { describe, expect, test } from "vitest";
import { credentialIn, isIdempotent, keyFor, repetitionsIn } from "./request.ts";

test.each(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "QUERY"])("%s may be sent twice", (method) => {
  expect(isIdempotent(method)).toBe(true);
});

test.each(["POST", "PATCH", "LOCK", ""])("%j may not", (method) => {
  expect(isIdempotent(method)).toBe(false);
});

describe("an idempotency key", () => {
  const request = () => ({ method: "POST", url: "https://api.test/jobs", headers: new Headers() });

  test("is made only when the policy asks for one", () => {
    expect(keyFor(undefined, request)).toBeUndefined();
    expect(keyFor(false, request)).toBeUndefined();
    expect(keyFor(true, request)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(keyFor(true, request)).not.toBe(keyFor(true, request));
  });

  test("is the caller's text, or what the caller makes of the request", () => {
    expect(keyFor("mine", request)).toBe("mine");
    expect(keyFor(({ method, url }) => `${method} ${url}`, request)).toBe("POST https://api.test/jobs");
  });
});

test("a credential is found in any of the headers where it travels", () => {
  expect(credentialIn(new Headers({ "X-API-Key": "k" }))).toBe("k");
  expect(credentialIn(new Headers({ Authorization: "Bearer t", "x-api-key": "k" }))).toBe("Bearer t");
  expect(credentialIn(new Headers({ accept: "*/*" }))).toBeNull();
});

test("the count of an SDK is read in any shape of headers", () => {
  expect(repetitionsIn(undefined)).toBeNull();
  expect(repetitionsIn({ accept: "*/*" })).toBeNull();
  expect(repetitionsIn({ "X-Stainless-Retry-Count": "2" })).toBe(2);
  expect(repetitionsIn([["x-stainless-retry-count", "0"]])).toBe(0);
  expect(repetitionsIn(new Headers({ "x-stainless-retry-count": "1" }))).toBe(1);
  expect(repetitionsIn(new Headers())).toBeNull();
});

import { exponential } from "@failwell/core";
import { describe, expect, test } from "vitest";
import type { KyOptions, KyRetry } from "./options.ts";
import { translate } from "./translate.ts";

const standing = [0, () => 0.5] as const;
const retryOf = (retry: number | KyRetry, method = "GET"): object => translate({ retry }, method, {})!.retry!;
const wait = (retry: KyRetry, number: number): number =>
  translate({ retry }, "GET", {})!.retry!.backoff!(number, ...standing);
const timeoutsOf = (options: KyOptions, deadline?: number): object =>
  translate(options, "GET", deadline === undefined ? {} : { timeouts: { deadline } })!.timeouts!;

describe("retry", () => {
  test("that nobody set leaves everything to the policy", () => {
    expect(translate({}, "GET", {})).toBeNull();
    expect(retryOf({})).toEqual({});
  });

  test("counts retries, where a policy counts attempts", () => {
    expect(retryOf(0)).toEqual({ maxAttempts: 1 });
    expect(retryOf(4)).toEqual({ maxAttempts: 5 });
    expect(retryOf({ limit: 1 })).toEqual({ maxAttempts: 2 });
  });

  test.each([-1, Number.NaN])("of %d is refused", (limit) => {
    expect(() => retryOf(limit)).toThrow(new RangeError(`retry.limit must be at least 0, got ${limit}`));
  });

  test("with methods is the caller's word: a POST that is listed may go out again, and what is not listed may not", () => {
    expect(retryOf({ methods: ["post"], limit: 4 }, "POST")).toEqual({ maxAttempts: 5, replay: "always" });
    expect(retryOf({ methods: ["POST"] }, "GET")).toEqual({ maxAttempts: 1 });
    expect(retryOf({ methods: ["get"] }, "GET")).toEqual({ replay: "always" });
  });

  test("with afterStatusCodes is refused: a hint is never ignored", () => {
    expect(() => retryOf({ afterStatusCodes: [429] })).toThrow(
      "retry.afterStatusCodes has no meaning here: a Retry-After is honoured on every status that is retried. Remove it",
    );
  });

  test("with maxRetryAfter limits the hint that is waited for", () => {
    expect(retryOf({ maxRetryAfter: 5000 })).toEqual({ maxRetryAfter: 5000 });
  });

  test("with delay waits so long, without jitter", () => {
    expect([1, 2, 3].map((number) => wait({ delay: (count) => count * 100 }, number))).toEqual([100, 200, 300]);
  });

  test("with a backoffLimit waits no longer, along ky's own growth, spread", () => {
    expect([1, 2, 3, 4].map((number) => wait({ backoffLimit: 500 }, number))).toEqual([150, 300, 500, 500]);
    expect(wait({ delay: () => 900, backoffLimit: 500 }, 1)).toBe(500);
  });

  test("with jitter spreads", () => {
    expect(wait({ jitter: true }, 1)).toBe(150);
    expect(wait({ jitter: true, delay: () => 1000 }, 1)).toBe(500);
    expect(wait({ jitter: (delay) => delay + 7 }, 1)).toBe(307);
    expect(wait({ jitter: false }, 1)).toBe(exponential({ first: 300 })(1, 0, () => 0.5));
  });

  test.each([Number.NaN, -1, Infinity])("with a jitter of %d has none, as in ky", (senseless) => {
    expect(wait({ jitter: () => senseless }, 1)).toBe(300);
  });

  test.each([Number.NaN, -1, Infinity])("with a delay of %d does not wait", (senseless) => {
    expect(wait({ delay: () => senseless }, 1)).toBe(0);
  });
});

describe("timeout and totalTimeout", () => {
  test("are the limits of an attempt with its body, and of everything", () => {
    expect(timeoutsOf({ timeout: 2000 })).toEqual({ attempt: 2000, idle: 2000 });
    expect(timeoutsOf({ totalTimeout: 9000 })).toEqual({ deadline: 9000 });
    expect(timeoutsOf({ timeout: 2000, totalTimeout: 9000 })).toEqual({ attempt: 2000, idle: 2000, deadline: 9000 });
  });

  test("that are false are no limit, except the one that the policy sets over everything", () => {
    expect(timeoutsOf({ timeout: false })).toEqual({ attempt: Infinity, idle: Infinity });
    expect(timeoutsOf({ timeout: false }, 5000)).toEqual({ attempt: 5000, idle: Infinity });
    expect(timeoutsOf({ totalTimeout: false })).toEqual({ deadline: Infinity });
  });

  test("of an attempt is cut by that of everything", () => {
    expect(timeoutsOf({ timeout: 5000, totalTimeout: 1000 })).toEqual({ attempt: 1000, idle: 5000, deadline: 1000 });
    expect(timeoutsOf({ timeout: false, totalTimeout: 1000 })).toEqual({
      attempt: 1000,
      idle: Infinity,
      deadline: 1000,
    });
  });

  test.each([0, -5, Number.NaN])("of %d are refused", (value) => {
    expect(() => timeoutsOf({ timeout: value })).toThrow(
      new RangeError(`timeout must be at least 1 ms, or false for no limit, got ${value}`),
    );
    expect(() => timeoutsOf({ totalTimeout: value })).toThrow(/^totalTimeout must be/);
  });
});

import { describe, expect, test } from "vitest";
import type { Attempt } from "./attempt.ts";
import { FailwellError, localVerdict } from "./errors.ts";
import { carry, failureOf } from "./failure.ts";

const verdict = localVerdict("unavailable", "answered", "status 503", true);
const attempts = [{ number: 1, status: 503, stop: "attempts" }] as unknown as Attempt[];

describe("an error of a client", () => {
  test("carries verdict and attempts, and otherwise stays as it is", () => {
    const error = carry(Object.assign(new Error("503"), { code: "ERR_BAD_RESPONSE" }), verdict, attempts);
    expect(failureOf(error)).toEqual({ verdict, attempts, stopReason: "attempts" });
    expect(error).toMatchObject({ verdict, attempts, message: "503", code: "ERR_BAD_RESPONSE" });
    expect(Object.keys(error)).toEqual(["code"]);
    expect(FailwellError.is(error)).toBe(false);
  });

  test("that cannot be changed is left alone", () => {
    const error = Object.freeze(new Error("frozen"));
    expect(carry(error, verdict, attempts)).toBe(error);
    expect(failureOf(error)).toBeNull();
    expect(carry("a text", verdict, attempts)).toBe("a text");
  });

  test("without a verdict carries its attempts alone: an abort is judged by its caller", () => {
    const error = carry(new Error("aborted"), null, attempts);
    expect("verdict" in error).toBe(false);
    expect(failureOf(error)).toBeNull();
  });
});

test("one of ours says the same", () => {
  const error = new FailwellError("network", "x", { verdict, attempts, stopReason: "budget" });
  expect(failureOf(error)).toEqual({ verdict, attempts, stopReason: "budget" });
});

test.each([null, undefined, "text", 7, {}, new Error("x"), { verdict }])("%s says nothing", (value) => {
  expect(failureOf(value)).toBeNull();
});

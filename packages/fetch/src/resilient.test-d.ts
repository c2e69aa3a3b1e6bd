import { expectTypeOf, test } from "vitest";
import { resilient, type ResilientInit } from "./index.ts";

test("what comes out is a fetch", () => {
  expectTypeOf(resilient()).toExtend<typeof fetch>();
  expectTypeOf(resilient(fetch)).toExtend<typeof fetch>();
  expectTypeOf(resilient(fetch)("https://api.example.com")).resolves.toEqualTypeOf<Response>();
});

test("a body may be a function, a call may bring a policy", () => {
  expectTypeOf<{ body: () => string; policy: { retry: { maxAttempts: 2 } } }>().toExtend<ResilientInit>();
  expectTypeOf<{ policy: { retry: { maxAttempts: string } } }>().not.toExtend<ResilientInit>();
  expectTypeOf<{ body: number }>().not.toExtend<ResilientInit>();
});

import { expectTypeOf, test } from "vitest";

import type { Verdict } from "../verdict.ts";
import { toWire, type WireBodies, type WireBody, type WireDialect } from "./to-wire.ts";

declare const verdict: Verdict;

test("the body's type follows the dialect", () => {
  expectTypeOf(toWire(verdict).body).toEqualTypeOf<WireBodies["failwell"]>();
  expectTypeOf(toWire(verdict, { errorId: "err_1" }).body).toEqualTypeOf<WireBodies["failwell"]>();
  expectTypeOf(toWire(verdict, { dialect: "openai" }).body).toEqualTypeOf<WireBodies["openai"]>();
  expectTypeOf(toWire(verdict, { dialect: "anthropic" }).body.error.type).toBeString();
  expectTypeOf(toWire(verdict, { dialect: "problem" }).body).toEqualTypeOf<WireBodies["problem"]>();
});

test("a dialect known only at run time gives any of the bodies", () => {
  const dialect = "openai" as WireDialect;
  expectTypeOf(toWire(verdict, { dialect }).body).toEqualTypeOf<WireBody>();
});

test("a dialect nobody speaks is no dialect", () => {
  expectTypeOf<"klingon">().not.toExtend<WireDialect>();
  expectTypeOf<NonNullable<Parameters<typeof toWire>[1]>["dialect"]>().toEqualTypeOf<WireDialect | undefined>();
});

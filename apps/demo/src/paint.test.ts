import { expect, test } from "vitest";
import { paintFor } from "./paint.ts";

test("a terminal gets colours", () => {
  expect(paintFor({ isTTY: true }, {})("red", "✗")).toBe("\x1B[31m✗\x1B[39m");
});

test.each([
  ["something that is no terminal", {}, {}],
  ["something that is no terminal, whatever the environment wants", {}, { FORCE_COLOR: "1" }],
  ["a terminal under NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }],
  ["a dumb terminal", { isTTY: true }, { TERM: "dumb" }],
])("%s gets none", (_case, stream, env) => {
  expect(paintFor(stream, env)("red", "✗")).toBe("✗");
});

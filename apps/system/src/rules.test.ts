import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clientContract, type ClientStage } from "@failwell/core/testing";
import { expect, test } from "vitest";
import { root } from "./manifest.ts";

test("the README counts the rules of the contract of clients as they are", () => {
  const rules = clientContract({} as ClientStage).map(({ name }) => name);
  expect(new Set(rules).size).toBe(rules.length);
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`one contract of ${rules.length} rules is run`);
});

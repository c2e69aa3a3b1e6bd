import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./manifest.ts";

test("the map names every source file; dialects, readers and what is for tests are named by their folders", () => {
  const map = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const files = globSync("packages/*/src/**/*.ts", { cwd: root }).filter(
    (file) => !/\.(?:test|test-d|fixture)\.ts$|\/(?:dialects|readers|testing)\//.test(file),
  );
  expect(files.length).toBeGreaterThan(60);
  expect(files.filter((file) => !map.includes(basename(file)))).toEqual([]);
});

import { globSync } from "node:fs";
import type { Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startExampleServer } from "./example-server.ts";
import { problemsIn } from "./examples.ts";
import { root } from "./manifest.ts";

const fixture = "apps/system/src/examples.fixture.md";

let server: Server;
let origin: string;

beforeAll(async () => {
  ({ server, origin } = await startExampleServer());
});

afterAll(() => void server.close());

test("an example that breaks its promise is found, with its file and line", async () => {
  const problems = await problemsIn([fixture], origin);
  expect(problems.map((problem) => problem.split("\n")[0]!.replace(fixture, ""))).toEqual([
    ":11 error TS2322: Type 'string' is not assignable to type 'number'.",
    expect.stringMatching(/^:14 ended with 1: .*:15$/),
    `:18 says that it prints "5", but it printed "4\\n"`,
    ":23 error TS2322: Type 'number' is not assignable to type 'string'.",
    `:26 "no-run" is not "no-run" and a reason in words`,
    ":30 left-pad is not a package of this repository",
    ":30 pnpm@11.0.0 is not pnpm@12.21.0",
    ":30 there is no script repair",
    `:37 a block is ts, sh, json, text, http or yaml, not "python"`,
    expect.stringMatching(/^:41 Unexpected token '}'/),
  ]);
}, 60_000);

test("every example in the documents is right", async () => {
  const files = globSync(["*.md", "packages/*/*.md", "apps/*/*.md"], {
    cwd: root,
    exclude: (name) => /node_modules|CHANGELOG/.test(String(name)),
  });
  expect(files).toContain("README.md");
  expect(await problemsIn(files.toSorted(), origin)).toEqual([]);
}, 120_000);

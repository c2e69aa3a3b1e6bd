import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const command = fileURLToPath(new URL("../resolver.ts", import.meta.url));

function run(...parameters: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [command, ...parameters], { encoding: "utf8" });
}

function fileOf(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "cases-")), "cases.ndjson");
  writeFileSync(file, text);
  return file;
}

test("prints its usage", () => {
  const { status, stdout } = run("--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^usage: node apps\/bench\/src\/resolver\.ts/);
});

test("names a file and a line that it cannot read", () => {
  const broken = fileOf("{\n");
  expect(run("/nowhere/cases.ndjson")).toMatchObject({ status: 2, stdout: "" });
  expect(run("/nowhere/cases.ndjson").stderr).toMatch(/^\/nowhere\/cases\.ndjson: cannot be read: /);
  expect(run(broken).stderr).toContain(`${broken}:1: not JSON: `);
});

test("scores any case file, and shows what was expected and what came", () => {
  const body = '{"error":{"code":"x","message":"m"}}';
  const wanted = {
    kind: "timeout",
    retryable: true,
    retryAfterMs: null,
    code: "x",
    upstreamMessage: "m",
    requestId: null,
  };
  const { status, stdout } = run(
    fileOf(JSON.stringify({ id: "one", provider: "generic", status: 503, headers: {}, body, expect: wanted })),
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/^kind +0\/1 +0\.0 /m);
  expect(stdout).toMatch(/^code +1\/1 +100\.0 /m);
  expect(stdout).toContain('one: kind expected "timeout", got "unavailable"');
  expect(stdout).toMatch(/ratio \d+\.\d\d \(goal: at most 4\)/);
  expect(stdout).toContain("argued cases: none");
});

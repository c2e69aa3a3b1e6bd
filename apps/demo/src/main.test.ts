import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scenarios } from "./scenarios/all.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  return { child, out: text(child.stdout), err: text(child.stderr), exit: once(child, "exit") };
}

test(
  "the whole demo, in a process of its own, ends by itself within 60 s, all as expected",
  { timeout: 70_000 },
  async () => {
    const startedMs = performance.now();
    const { out, err, exit } = start();
    const lines = (await out).split("\n");
    const rows = lines.filter((line) => /^[✓✗]/.test(line));
    expect(rows.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual(scenarios.map(({ name }) => `✓ ${name}`));
    expect(lines).toContain("One failure in full: rate-limit-stays (Anthropic, the limit stays)");
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
    // Neither a secret of the provider nor a colour
    for (const piece of ["0f1e2d3c-4b5a", "\x1B"]) expect(await out).not.toContain(piece);
    expect((await err).trim().split("\n").length).toBe(scenarios.length);
    expect(await exit).toEqual([0, null]);
    expect(performance.now() - startedMs).toBeLessThan(60_000);
  },
);

test("Ctrl-C ends it cleanly in the middle of a long request", { timeout: 20_000 }, async () => {
  const { child, out, err, exit } = start("--json", "--scale", "1", "--scenario", "video-long", "--scenario", "quota");
  await once(child.stderr, "data");
  child.kill("SIGINT");
  expect(await exit).toEqual([130, null]);
  expect(await out).toBe("");
  expect(await err).toMatch(/^✓ quota \(\d+\.\d s\)\ninterrupted\n$/);
});

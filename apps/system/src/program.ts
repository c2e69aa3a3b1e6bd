import { existsSync } from "node:fs";
import type { TestContext } from "vitest";

const programs = {
  chromium: { path: "/usr/bin/chromium", install: "apt-get install --yes --no-install-recommends chromium" },
} as const;

/** The path of a system program. Without it the test is skipped; in CI, where a skip would hide a hole, it fails. */
export function program(name: keyof typeof programs, { skip }: Pick<TestContext, "skip">): string {
  const { path, install } = programs[name];
  if (existsSync(path)) return path;
  const missing = `${path} is missing, install it with: ${install}`;
  if (process.env["CI"] === "true") throw new Error(missing);
  console.warn(missing); // the default reporter hides a skip's note
  return skip(missing);
}

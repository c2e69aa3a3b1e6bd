import { basename, dirname } from "node:path";
import { defineConfig } from "vitest/config";

/** What is published must be covered; what runs as a program in a process of its own cannot be measured here. */
const published = basename(dirname(process.cwd())) === "packages";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    // A forgotten `.only` fails everywhere, not only in CI.
    allowOnly: false,
    typecheck: { enabled: true, include: ["src/**/*.test-d.ts"] },
    coverage: {
      enabled: published,
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.fixture.ts", "src/**/*.test-d.ts"],
      thresholds: { lines: 95, branches: 95 },
      reporter: ["text-summary", "json-summary"],
    },
    reporters: ["default", ["json", { outputFile: "coverage/results.json" }]],
  },
});

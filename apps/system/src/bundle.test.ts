import { join } from "node:path";
import { build } from "vite";
import { expect, test } from "vitest";
import { root } from "./manifest.ts";

const without = bundle("apps/bench/src/size/without-dialects.ts");
const all = bundle("apps/bench/src/size/with-dialects.ts");

test("a bundle for browsers asks for the packages and nothing else", async () => {
  const { asked } = await all;
  expect(asked.filter((name) => !name.startsWith(".")).toSorted()).toEqual(["@failwell/core", "@failwell/fetch"]);
});

test.each(["insufficient_quota", "x-amzn", "elevenlabs"])(
  "a resolver without dialects leaves %s, known to a dialect, out of the bundle",
  async (word) => {
    expect((await all).code.includes(word)).toBe(true);
    expect((await without).code.includes(word)).toBe(false);
  },
);

test("the breaker, which nobody asked for, is not in the bundle", async () => {
  expect((await bundle("packages/core/src/index.ts")).code.includes("halfOpen")).toBe(true);
  expect((await all).code.includes("halfOpen")).toBe(false);
});

interface Bundle {
  readonly code: string;
  /** What its modules import, each name once. */
  readonly asked: readonly string[];
}

/** Bundles a module as an application for browsers would. */
async function bundle(entry: string): Promise<Bundle> {
  const asked = new Set<string>();
  const result = await build({
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "listen",
        enforce: "pre",
        resolveId(name, importer) {
          if (importer !== undefined) asked.add(name);
        },
      },
    ],
    build: { write: false, lib: { entry: join(root, entry), formats: ["es"] } },
  });
  const chunks = Array.isArray(result) ? result.flatMap(({ output }) => output) : [];
  return { code: chunks.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("\n"), asked: [...asked] };
}

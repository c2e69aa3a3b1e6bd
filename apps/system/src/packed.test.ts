import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Manifest, manifestOf, packages, root } from "./manifest.ts";

describe.each(packages)("%s, packed", (folder) => {
  let unpacked: string;
  let files: readonly string[];
  let manifest: Manifest;

  beforeAll(() => {
    unpacked = mkdtempSync(join(tmpdir(), "failwell-packed-"));
    const tarball = join(unpacked, "package.tgz");
    execFileSync("pnpm", ["pack", "--out", tarball], { cwd: join(root, folder), stdio: "pipe" });
    const listing = execFileSync("tar", ["-xvzf", tarball, "-C", unpacked], { encoding: "utf8" });
    files = listing
      .trim()
      .split("\n")
      .map((file) => file.replace("package/", ""));
    manifest = manifestOf(join(unpacked, "package"));
  }, 60_000);

  afterAll(() => rmSync(unpacked, { recursive: true }));

  test("holds the build, its description and nothing else", () => {
    expect(files).toEqual(
      expect.arrayContaining(["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts"]),
    );
    expect(
      files.filter((file) => !/^(?:package\.json|README\.md|LICENSE|dist\/[\w-]+(?:\.d\.ts|\.js))$/.test(file)),
    ).toEqual([]);
  });

  test("leaves no trace of the workspace in its manifest", () => {
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|\.\/src/);
  });

  test("is ESM without side effects, with types beside every export", () => {
    expect(manifest).toMatchObject({ type: "module", sideEffects: false });
    const entries = Object.values(manifest.exports ?? {}).map(String);
    expect(entries).toContain("./dist/index.js");
    const built = entries
      .filter((entry) => entry.endsWith(".js"))
      .flatMap((entry) => [entry, entry.replace(/js$/, "d.ts")]);
    expect(files.map((file) => `./${file}`)).toEqual(expect.arrayContaining([...entries, ...built]));
  });

  test("imports only what its manifest names", () => {
    const named = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    for (const file of files.filter((name) => name.endsWith(".js"))) {
      const code = readFileSync(join(unpacked, "package", file), "utf8");
      // Of a subpath, the package is named.
      const imported = Array.from(
        code.matchAll(/^(?:import|export) .*? from "((?:@[^/"]+\/)?[^./"][^/"]*)[^"]*";$/gm),
        ([, name]) => name!,
      );
      expect(named).toEqual(expect.arrayContaining(imported));
      expect(code).not.toMatch(/\brequire\(/);
    }
  });
});

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { manifestOf, packages, root } from "./manifest.ts";

/** What a package may import of this repository, beside itself. An adapter not listed here may import core only. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [],
  "packages/ky": ["@failwell/core", "@failwell/fetch"],
};

describe.each(packages)("%s", (folder) => {
  const allowed = mayImport[folder] ?? ["@failwell/core"];
  const { dependencies = {}, peerDependencies = {} } = manifestOf(join(root, folder));

  test("depends only on packages before it", () => {
    const own = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => name.startsWith("@failwell/"));
    expect(allowed).toEqual(expect.arrayContaining(own));
  });

  test("depends on nothing of others, except on the host that it adapts to", () => {
    expect(Object.keys(dependencies).filter((name) => !name.startsWith("@failwell/"))).toEqual([]);
  });

  test("imports only what it depends on, and nothing of Node", () => {
    const known = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    const strangers = importsOf(folder).filter(({ name }) => !known.includes(name));
    expect(strangers).toEqual([]);
  });
});

test("imports are found in every form", () => {
  expect(
    specifiersIn(
      'import a from "a";\nimport "b";\nexport { c } from "c";\nimport {\n  d,\n} from "d";\nawait import("e");',
    ),
  ).toEqual(["a", "b", "c", "d", "e"]);
});

interface Import {
  readonly file: string;
  readonly name: string;
}

/** What the sources of a package import, without tests and what they need. */
function importsOf(folder: string): Import[] {
  const files = globSync(`${folder}/src/**/*.ts`, { cwd: root }).filter(
    (file) => !/\.(?:test|test-d|fixture)\.ts$/.test(file),
  );
  expect(files).not.toEqual([]);
  return files.flatMap((file) =>
    specifiersIn(readFileSync(join(root, file), "utf8"))
      .filter((specifier) => !specifier.startsWith("."))
      .map((specifier) => ({ file, name: /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0] })),
  );
}

function specifiersIn(code: string): string[] {
  return Array.from(
    code.matchAll(/^\s*(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm),
    ([, from, bare, dynamic]) => (from ?? bare ?? dynamic)!,
  );
}

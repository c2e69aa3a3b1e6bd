import { expect, test } from "vitest";
import { blocksOf } from "./markdown.ts";

test("a block knows its file, the line of its fence, its language and what stands behind it", () => {
  expect(blocksOf("A.md", "# A\n\n```ts no-run needs a key\nconst a = 1;\n\nvoid a;\n```\n")).toEqual([
    { file: "A.md", line: 3, language: "ts", info: "no-run needs a key", code: "const a = 1;\n\nvoid a;" },
  ]);
});

test("a longer fence holds shorter ones", () => {
  expect(blocksOf("A.md", "````md\n```ts\n1;\n```\n````\n```sh\nls\n```\n").map(({ code }) => code)).toEqual([
    "```ts\n1;\n```",
    "ls",
  ]);
});

test("a block that is never closed ends with the text", () => {
  expect(blocksOf("A.md", "```ts\n1;").map(({ code }) => code)).toEqual(["1;"]);
});

test("backticks inside a line open no block", () => {
  expect(blocksOf("A.md", "``` is a fence, ```ts``` is not\n")).toEqual([]);
});

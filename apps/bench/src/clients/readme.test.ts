import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Rows of two cells or more, as `[name, figure]`: each name of a cell that lists several has the figure behind it. */
function figuresIn(text: string): ReadonlyMap<string, string> {
  const figures = new Map<string, string>();
  for (const line of text.split("\n").filter((row) => row.startsWith("|"))) {
    const cells = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    for (let at = 0; at + 1 < cells.length; at += 2) {
      if (!/^\d+$/.test(cells[at + 1]!)) continue;
      for (const name of cells[at]!.split(", ")) figures.set(name, cells[at + 1]!);
    }
  }
  return figures;
}

function section(file: string, title: string): string {
  const text = readFileSync(new URL(`../../../../${file}`, import.meta.url), "utf8");
  return text.split(/^## /m).find((part) => part.startsWith(title))!;
}

test("the figures that the README quotes are those of the last run", () => {
  const measured = figuresIn(section("apps/bench/results/clients.md", "In all"));
  expect(measured.size).toBe(18);
  expect(Object.fromEntries(figuresIn(section("README.md", "Beside others")))).toEqual(Object.fromEntries(measured));
});

import { describe, expect, test } from "vitest";
import { table, type TableRow } from "./table.ts";
import type { Cell } from "./table.ts";

const head: readonly Cell[] = [
  ["scenario", "what happens"],
  ["attempts", "waits"],
];
const row = (first: Cell, second: Cell, more: Partial<TableRow> = {}): TableRow => ({
  passed: true,
  cells: [first, second],
  remarks: [],
  ...more,
});

describe("a table", () => {
  test("aligns its columns, with the mark in front and the detail below", () => {
    const rows = [
      row(["quota", "no money left"], ["429", ""]),
      row(["overload", ""], ["529 → 200", "waited 1.6 s"], { passed: false }),
    ];
    expect(table(head, rows, 120)).toBe(
      [
        "  scenario       attempts",
        "  what happens   waits",
        "─────────────────────────────",
        "✓ quota          429",
        "  no money left",
        "✗ overload       529 → 200",
        "                 waited 1.6 s",
        "─────────────────────────────",
      ].join("\n"),
    );
  });

  test("wraps the widest column where the terminal is too narrow", () => {
    const rows = [row(["quota", "a provider that has no money left"], ["429", "waited 1.6 s"])];
    expect(table(head, rows, 34)).toBe(
      [
        "  scenario            attempts",
        "  what happens        waits",
        "──────────────────────────────────",
        "✓ quota               429",
        "  a provider that     waited 1.6 s",
        "  has no money left",
        "──────────────────────────────────",
      ].join("\n"),
    );
  });

  test("says under a row what is wrong with it", () => {
    const rows = [row(["quota", ""], ["429", ""], { passed: false, remarks: ["stop: expected fatal, got attempts"] })];
    expect(table(head, rows, 120).split("\n").slice(3, 6)).toEqual([
      "✗ quota         429",
      "  stop: expected fatal,",
      "  got attempts",
    ]);
  });

  test("colours what it shows without moving it", () => {
    const rows = [row(["quota", "no money left"], ["429", "waited 1.6 s"])];
    const tagged = table(head, rows, 120, (colour, text) => `<${colour}>${text}</>`);
    expect(tagged.split("\n")[3]).toBe("<green>✓</> quota          429");
    expect(tagged.replace(/<\/?\w*>/g, "")).toBe(table(head, rows, 120));
  });
});

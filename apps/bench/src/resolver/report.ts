import type { Case } from "./cases.ts";
import { argued, fields, type Miss } from "./score.ts";
import type { Speed } from "./speed.ts";

/** How many failing cases are printed. */
const missLimit = 40;

/** One aligned table: field, passed of total, per cent; labelled and with the provider left out. */
export function scoreTable(cases: readonly Case[], misses: readonly Miss[], unlabelled: readonly Miss[]): string {
  const total = cases.length;
  const rows = fields.map((field) => [field, ...figures(misses, field, total), ...figures(unlabelled, field, total)]);
  return table([["field", "passed", "%", "no label", "%"], ...rows]);
}

function figures(misses: readonly Miss[], field: string, total: number): [string, string] {
  const passed = total - misses.filter((miss) => miss.field === field).length;
  return [`${passed}/${total}`, ((passed / total) * 100).toFixed(1)];
}

/** Every miss with what was expected and what came. */
export function missList(misses: readonly Miss[]): string {
  const lines = misses
    .slice(0, missLimit)
    .map(({ id, field, expected, got }) => `  ${id}: ${field} expected ${shown(expected)}, got ${shown(got)}`);
  const rest = misses.length - lines.length;
  return [...lines, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join("\n");
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** The cases where the project argues for another answer. */
export function arguedList(): string {
  const entries = Object.entries(argued);
  return entries.length === 0
    ? "argued cases: none"
    : `argued cases: ${entries.map(([id, which]) => `${id} (${which.join(", ")})`).join("; ")}`;
}

/** The ratio to JSON.parse and the slowest hostile bodies. */
export function speedText(speed: Speed, hostile: readonly { name: string; ms: number }[]): string {
  return [
    `resolve ${speed.resolve.toFixed(2)} µs per case, JSON.parse ${speed.parse.toFixed(2)} µs per body: ratio ${speed.ratio.toFixed(2)} (goal: at most 4)`,
    table([["hostile 64 KiB body", "ms"], ...hostile.slice(0, 8).map(({ name, ms }) => [name, ms.toFixed(2)])]),
  ].join("\n\n");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join("  "),
    )
    .join("\n");
}

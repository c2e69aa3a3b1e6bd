import { type Paint, plain } from "./paint.ts";
import { wrap } from "./wrap.ts";

/** One cell: what matters in the first line, what explains it in the second. */
export type Cell = readonly [main: string, detail: string];

export interface TableRow {
  readonly passed: boolean;
  readonly cells: readonly Cell[];
  /** What to say under a row that did not come out as expected. */
  readonly remarks: readonly string[];
}

const GAP = "  ";
const MARK = 2;
const LEAST = 12;

/**
 * Renders rows under a head, at most `width` characters wide: columns are as wide as they need to be, and when that is too
 * much the widest of them wrap.
 */
export function table(head: readonly Cell[], rows: readonly TableRow[], width: number, paint: Paint = plain): string {
  const widths = columnWidths([head, ...rows.map(({ cells }) => cells)], width - MARK - GAP.length * (head.length - 1));
  const total = MARK + widths.reduce((sum, column) => sum + column, 0) + GAP.length * (widths.length - 1);
  const rule = paint("dim", "─".repeat(total));
  const lines = [...block("", head, widths, (text, detail) => paint(detail ? "dim" : "bold", text)), rule];
  for (const { passed, cells, remarks } of rows) {
    const mark = passed ? paint("green", "✓") : paint("red", "✗");
    lines.push(...block(mark, cells, widths, (text, detail) => (detail ? paint("dim", text) : text)));
    for (const remark of remarks) {
      lines.push(...wrap(remark, total - MARK).map((line) => " ".repeat(MARK) + paint("red", line)));
    }
  }
  return [...lines, rule].join("\n");
}

function columnWidths(rows: readonly (readonly Cell[])[], available: number): number[] {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.flatMap((cells) => cells[column]!.map((text) => text.length))),
  );
  for (let excess = widths.reduce((sum, width) => sum + width, 0) - available; excess > 0; excess--) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= LEAST) break;
    widths[widest]!--;
  }
  return widths;
}

function block(
  mark: string,
  cells: readonly Cell[],
  widths: readonly number[],
  style: (text: string, detail: boolean) => string,
): string[] {
  const columns = cells.map(([main, detail], column) => [
    ...wrap(main, widths[column]!).map((text) => ({ text, detail: false })),
    ...(detail === "" ? [] : wrap(detail, widths[column]!).map((text) => ({ text, detail: true }))),
  ]);
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) => {
    const start = index === 0 && mark !== "" ? `${mark} ` : " ".repeat(MARK);
    const line = columns.map((lines, column) => {
      const { text, detail } = lines[index] ?? { text: "", detail: false };
      const padding = " ".repeat(column === columns.length - 1 ? 0 : widths[column]! - text.length);
      return (text === "" ? "" : style(text, detail)) + padding;
    });
    return (start + line.join(GAP)).trimEnd();
  });
}

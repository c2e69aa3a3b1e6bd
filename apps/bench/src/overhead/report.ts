import { availableParallelism, cpus } from "node:os";
import type { Throughput } from "./loopback.ts";
import { median, middleHalf } from "./measure.ts";

/** What a contender added, in µs per call: one figure per round. */
export interface Figures {
  readonly name: string;
  readonly micros: readonly number[];
}

/** The most that ours may cost, and what it should cost: in parts of p-retry with a timeout. */
export const goal = { limit: 1, aim: 0.5 } as const;

/** What ours costs in parts of the reference, rounded to two digits: what is printed is what is judged. */
export function ratio(ours: Figures, reference: Figures): number {
  return Number((median(ours.micros) / median(reference.micros)).toFixed(2));
}

/** Says in one sentence how the figure stands to the goal. */
export function verdict(figure: number): string {
  const { limit, aim } = goal;
  const standing =
    figure > limit
      ? `over the limit of ${limit.toFixed(2)}`
      : figure > aim
        ? `within the limit of ${limit.toFixed(2)}, short of the aim of ${aim.toFixed(2)}`
        : `within the aim of ${aim.toFixed(2)}`;
  return `resilient(fetch) costs ${figure.toFixed(2)} of p-retry + AbortSignal.timeout: ${standing}`;
}

/** What is put around a call that succeeds at once, and what it costs. */
export function overheadTable(all: readonly Figures[], reference: Figures): string {
  return table(
    ["around a fetch that answers at once", "µs per call", "middle half", "ratio"],
    all.map(({ name, micros }) => [
      name,
      median(micros).toFixed(2),
      middleHalf(micros)
        .map((figure) => figure.toFixed(2))
        .join(" – "),
      ratio({ name, micros }, reference).toFixed(2),
    ]),
  );
}

/** What is left of the throughput of a bare fetch over HTTP. */
export function loopbackTable(results: readonly Throughput[]): string {
  return table(
    ["over HTTP on one machine", "at once", "fetch, per s", "resilient, per s", "ratio"],
    results.map(({ name, atOnce, plain, wrapped }) => [
      name,
      String(atOnce),
      median(plain).toFixed(0),
      median(wrapped).toFixed(0),
      (median(wrapped) / median(plain)).toFixed(2),
    ]),
  );
}

/** A Markdown table: the first column to the left, the figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** The day and the machine that some figures come from. */
export function provenance(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  return `${new Date().toISOString().slice(0, 10)}, ${model}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}

// The least that is said in this unit: what would round up to it counts as well, and a day is 24 h to those who wait.
const units = [
  [2 * 86_400_000, 86_400_000, "d"],
  [3_570_000, 3_600_000, "h"],
  [59_500, 60_000, "min"],
  [999.5, 1000, "s"],
] as const;

/** A duration in ms as people say it: `850 ms`, `1.6 s`, `37 s`, `4 min`, `24 h`. */
export function duration(ms: number): string {
  const [, size, unit] = units.find(([least]) => ms >= least) ?? [0, 1, "ms"];
  const amount = ms / size;
  return `${Number(amount.toFixed(unit !== "ms" && amount < 10 ? 1 : 0))} ${unit}`;
}

/** A moment in ms from the start as on a stop watch: `0:39.0`. */
export function moment(ms: number): string {
  const tenths = Math.round(ms / 100);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return `${Math.floor(tenths / 600)}:${seconds}`;
}

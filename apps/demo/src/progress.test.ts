import { expect, test } from "vitest";
import { progressOn } from "./progress.ts";

function tell(stream: { isTTY?: boolean; columns?: number }): string {
  let text = "";
  const progress = progressOn({ ...stream, write: (piece) => (text += piece) }, 2);
  progress.started("quota");
  progress.started("stall");
  progress.finished("quota", true, 140);
  progress.finished("stall", false, 1040);
  progress.clear();
  return text;
}

test("a terminal shows one line that changes and then is gone", () => {
  expect(tell({ isTTY: true, columns: 80 }).split("\r\x1B[K")).toEqual([
    "",
    "0 of 2 done, playing quota",
    "0 of 2 done, playing quota, stall",
    "1 of 2 done, playing stall",
    "2 of 2 done",
    "",
  ]);
});

test("a narrow terminal shows the line cut short, so that it stays one line", () => {
  expect(tell({ isTTY: true, columns: 20 }).split("\r\x1B[K")[1]).toBe("0 of 2 done, playi…");
});

test("anything else shows one line per scenario that is done", () => {
  expect(tell({})).toBe("✓ quota (0.1 s)\n✗ stall (1.0 s)\n");
});

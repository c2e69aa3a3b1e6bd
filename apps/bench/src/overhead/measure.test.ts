import { expect, test } from "vitest";
import { median, middleHalf, overheads } from "./measure.ts";

test("the median of an even count lies between the two in the middle", () => {
  expect(median([9, 1, 2, 4])).toBe(3);
});

test("one figure that is far off does not move the median", () => {
  expect(median([2, 3, 1000])).toBe(3);
});

test("the middle half leaves out a quarter on each side", () => {
  expect(middleHalf([50, 10, 20, 30, 40])).toEqual([20, 40]);
});

test("a contender is charged with what it adds to the bare call, and not with the call itself", async () => {
  const bare = busy(0.05);
  const [free, dear] = await overheads(
    [
      { name: "adds nothing", call: bare, bare },
      { name: "adds 100 µs", call: busy(0.15), bare },
    ],
    { warmUpMs: 1, rounds: 3, roundMs: 10 },
  );
  expect(free).toHaveLength(3);
  expect(median(dear!) - median(free!)).toBeGreaterThan(50);
});

/** Keeps the processor busy for some ms. */
function busy(ms: number): () => Promise<void> {
  return async () => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };
}

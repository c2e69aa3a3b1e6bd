import { afterEach, expect, test, vi } from "vitest";
import { median, middleHalf, overheads } from "./measure.ts";

afterEach(() => void vi.restoreAllMocks());

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
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const taking = (ms: number) => async () => void (now += ms);
  const bare = taking(0.25);
  const figures = await overheads(
    [
      { name: "adds nothing", call: bare, bare },
      { name: "adds half a millisecond", call: taking(0.75), bare },
    ],
    { warmUpMs: 1, rounds: 2, roundMs: 10 },
  );
  expect(figures).toEqual([
    [0, 0],
    [500, 500],
  ]);
});

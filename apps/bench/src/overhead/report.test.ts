import { expect, test } from "vitest";
import { ratio, table, verdict } from "./report.ts";

test("the ratio compares medians and is rounded as it is printed", () => {
  const reference = { name: "reference", micros: [2, 3, 90] };
  expect(ratio({ name: "ours", micros: [1, 2, 2] }, reference)).toBe(0.67);
});

test.each([
  [1.01, "over the limit of 1.00"],
  [1, "within the limit of 1.00, short of the aim of 0.50"],
  [0.5, "within the aim of 0.50"],
])("%d is %s", (figure, standing) => {
  expect(verdict(figure)).toContain(standing);
});

test("a table aligns names to the left and figures to the right", () => {
  expect(
    table(
      ["what", "µs"],
      [
        ["bare", "0.1"],
        ["ours", "12.34"],
      ],
    ),
  ).toBe(
    `
| what |    µs |
| ---- | ----: |
| bare |   0.1 |
| ours | 12.34 |`.trim(),
  );
});

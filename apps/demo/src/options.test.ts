import { describe, expect, test } from "vitest";
import { readOptions, UsageError } from "./options.ts";

const known = ["quota", "stall"];

describe("the command line", () => {
  test("asks for everything at 60 times the speed when it is empty", () => {
    expect(readOptions([], known)).toEqual({ help: false, list: false, json: false, scale: 60, scenarios: [] });
  });

  test("names scenarios as often as it likes", () => {
    const { scenarios } = readOptions(["--scenario", "stall", "--scenario=quota"], known);
    expect(scenarios).toEqual(["stall", "quota"]);
  });

  test.each([
    ["1", 1],
    ["2.5", 2.5],
    ["120", 120],
  ])("takes a scale of %s", (text, scale) => {
    expect(readOptions(["--scale", text], known).scale).toBe(scale);
  });

  test("may begin with the -- that other package managers need", () => {
    expect(readOptions(["--", "--json"], known).json).toBe(true);
  });

  test.each([
    [["--scale", "0"], '--scale must be a number from 1 to 120, got "0"'],
    [["--scale", "121"], '--scale must be a number from 1 to 120, got "121"'],
    [["--scale", "fast"], '--scale must be a number from 1 to 120, got "fast"'],
    [["--scale", ""], '--scale must be a number from 1 to 120, got ""'],
    [["--scenario", "nope"], 'there is no scenario "nope", there are quota, stall'],
    [["--jsn"], "unknown option '--jsn'"],
    [["quota"], "unexpected argument 'quota'"],
    [["--scenario"], "option '--scenario <value>' argument missing"],
  ])("that is %j is refused: %s", (args, message) => {
    expect(() => readOptions(args, known)).toThrow(new UsageError(message));
  });
});

import { expect, test } from "vitest";
import { wrap } from "./wrap.ts";

test("breaks between words, at most as wide as asked", () => {
  expect(wrap("half a body, then silence", 12)).toEqual(["half a body,", "then silence"]);
});

test("keeps a number and its unit together", () => {
  expect(wrap("GET, silent for 60 s", 18)).toEqual(["GET, silent for", "60 s"]);
});

test("breaks a word that is too long after punctuation, before a capital, or hard", () => {
  expect(wrap("code rate_limit_exceeded", 12)).toEqual(["code rate_", "limit_", "exceeded"]);
  expect(wrap("ThrottlingException", 12)).toEqual(["Throttling", "Exception"]);
  expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
});

test("keeps the line breaks of the text, and an empty text is one empty line", () => {
  expect(wrap("stop: fatal\n1 job", 40)).toEqual(["stop: fatal", "1 job"]);
  expect(wrap("", 40)).toEqual([""]);
});

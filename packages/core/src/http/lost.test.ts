import { expect, test } from "vitest";
import { lostBefore, rememberLost } from "./lost.ts";

test("a lost call is known for a minute, and no other is", () => {
  rememberLost("POST https://a.test/jobs", null, 1000);
  expect(lostBefore("POST https://a.test/jobs", 60_999)).toBeNull();
  expect(lostBefore("POST https://a.test/jobs", 61_001)).toBeUndefined();
  expect(lostBefore("POST https://b.test/jobs", 1000)).toBeUndefined();
});

test("no more than a thousand are kept", () => {
  for (let n = 0; n < 1001; n++) rememberLost(`POST https://a.test/${n}`, null, 0);
  expect(lostBefore("POST https://a.test/1", 0)).toBeUndefined();
  expect(lostBefore("POST https://a.test/1000", 0)).toBeNull();
});

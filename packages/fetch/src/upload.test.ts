import { growthOfUpload } from "@failwell/lab";
import { expect, test } from "vitest";

test("a stream of 200 MB is not kept in memory: it grows by less than 30 MB", async () => {
  expect(await growthOfUpload(new URL("./testing/upload.fixture.ts", import.meta.url))).toBeLessThan(30);
}, 20_000);

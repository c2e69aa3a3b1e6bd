import { expect, test } from "vitest";
import { tracks } from "./track.ts";

test("a client that cannot be loaded is a track with the reason, and the others keep their order", async () => {
  const found = await tracks(["nobody", "none"], { atOnce: 2 });
  expect(found).toEqual([
    { name: "nobody", observed: [], strays: [], unable: "Error: no client is named nobody" },
    { name: "none", observed: [], strays: [], unable: "Error: no client is named none" },
  ]);
});

test("a client that takes too long is left, and its thread with it", async () => {
  const found = await tracks(["ky"], { limitMs: 1 });
  expect(found).toEqual([{ name: "ky", observed: [], strays: [], unable: "did not end within 1 ms" }]);
});

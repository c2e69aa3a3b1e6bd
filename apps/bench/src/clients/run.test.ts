import { serve } from "@failwell/lab";
import { expect, test } from "vitest";
import { initOf, jsonOf, type Open } from "./client.ts";
import { spreadOf } from "./crowds.ts";
import { faults } from "./judge.ts";
import { inShort, run } from "./run.ts";
import { asks, oneCall, type Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

/** fetch as it is: one attempt. */
const once: Open =
  ({ base }) =>
  async (ask) =>
    jsonOf(await fetch(base + ask.path, initOf(ask)));

/** Repeats without any sense, up to `times`. */
function stubborn(times: number): Open {
  return (settings) => async (ask) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(settings)(ask);
      } catch (error) {
        if (attempt === times) throw error;
      }
    }
  };
}

function scenario(rule: string): Scenario {
  return scenarios.find((each) => each.rule.startsWith(rule))!;
}

test("every rule stands once", () => {
  expect(new Set(scenarios.map(({ rule }) => rule)).size).toBe(22);
});

test.each([
  ["a GET that was refused twice", once, "fails", 1, "Error: answered 503"],
  ["a GET that was refused twice", stubborn(3), "recovers", 3, ""],
  ["an exhausted quota", stubborn(3), "fails", 3, "Error: answered 429"],
  ["a POST whose connection broke", stubborn(3), "recovers", 2, ""],
  ["a success that is cut", once, "fails", 1, "TypeError: terminated"],
  ["a success that is cut", stubborn(2), "recovers", 2, ""],
  ["a POST that found nobody", once, "fails", 0, "TypeError: fetch failed"],
  ["a PUT that is sent again", stubborn(2), "recovers", 2, ""],
] as const)("%s: what the server sees and what the caller gets is kept", async (rule, open, ending, hits, outcome) => {
  expect(await run(open, scenario(rule))).toMatchObject({ ending, hits, outcome });
});

test("a call that fails before its abort is no call that was aborted", async () => {
  const abort = scenario("an abort ends the wait");
  const seen = await run(once, abort);
  expect(seen).toMatchObject({ ending: "fails", hits: 1 });
  expect(faults(abort.good, seen)).toEqual(["no ms from abort to end"]);
});

test("a client that never ends is left at its cap, and its connection ends with it", async () => {
  const silent = oneCall("a silent server", {}, "GET", () => {}, { capMs: 30 });
  let call: Promise<unknown> | undefined;
  const kept: Open = (settings) => (ask) => (call = once(settings)(ask));
  expect(await run(kept, silent)).toMatchObject({ ending: "still waiting", hits: 1 });
  await expect(call).rejects.toThrow("fetch failed");
});

test("a client that repeats without end gets no answer after 200 requests", async () => {
  const refusing = oneCall("", {}, "GET", (_, response) => void response.writeHead(503).end());
  expect(await run(stubborn(202), refusing)).toMatchObject({ hits: 202, outcome: "TypeError: fetch failed" });
});

test("of 25 clients that meet the same error every request is counted", async () => {
  expect(await run(stubborn(2), scenario("25 clients"))).toMatchObject({ ending: "recovers", hits: 50 });
});

test("a spread is measured in parts of the longest wait", () => {
  expect(spreadOf([300, 150, 280])).toEqual({ figure: 50, outcome: "150 ms apart, the longest wait 300 ms" });
  expect(spreadOf([99, 1]).figure).toBe(0);
});

test("an error is one short line without the port of the day", () => {
  const error = Object.assign(new Error("GET http://127.0.0.1:4711/v1\nfailed"), { code: "ECONNRESET" });
  expect(inShort(error)).toBe("Error ECONNRESET: GET http://host/v1 failed");
  expect(inShort(new Error("x".repeat(100)))).toBe(`Error: ${"x".repeat(62)}…`);
  expect(inShort("thrown text")).toBe("thrown text");
});

test("a request that is asked for has its JSON and its type, or neither", async () => {
  const server = await serve((_, response) => void response.writeHead(200).end("{}"));
  try {
    await once({ base: server.url })(asks.POST);
    await once({ base: server.url })(asks.GET);
  } finally {
    await server.close();
  }
  expect(server.seen.map(({ method, headers, body }) => [method, headers["content-type"], body.length > 0])).toEqual([
    ["POST", "application/json", true],
    ["GET", undefined, false],
  ]);
});

import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { failure, until } from "@failwell/lab";

const { start } = useServers();

describe("timers over a body, however it is read", () => {
  const readers: [string, (response: Response) => Promise<unknown>][] = [
    ["text()", (response) => response.text()],
    ["json()", (response) => response.json()],
    ["arrayBuffer()", (response) => response.arrayBuffer()],
    ["a clone", (response) => response.clone().text()],
    [
      "a reader",
      async (response) => {
        const reader = response.body!.getReader();
        while (!(await reader.read()).done);
      },
    ],
    [
      "for await",
      async (response) => {
        for await (const chunk of response.body!) void chunk;
      },
    ],
  ];

  test.each(readers)("%s: a body that stalls ends with the idle timer", async (_name, read) => {
    const server = await start((_request, response) => void response.writeHead(200).write("{"));
    const call = resilient(fetch, { ...quick, timeouts: { idle: 60 } });
    const error = await failure(read(await call(server.url)));
    expect(error).toMatchObject({ name: "TimeoutError", code: "timeout", timer: "idle", limitMs: 60 });
    expect(error.attempts).toMatchObject([{ status: 200 }]);
    await until(() => server.sockets() === 0);
  });

  test("a body that trickles for ever ends with the deadline", async () => {
    const server = await start((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(timer));
    });
    const started = performance.now();
    const call = resilient(fetch, { ...quick, timeouts: { idle: 150, attempt: 100, deadline: 300 } });
    const error = await failure((await call(server.url)).text());
    expect(performance.now() - started).toBeLessThan(500);
    expect(error).toMatchObject({ timer: "deadline", limitMs: 300, stopReason: "deadline" });
  });

  test("a body that is read only after the deadline rejects with it", async () => {
    const server = await start((_request, response) => void response.writeHead(200).write("begin"));
    const call = resilient(fetch, { ...quick, timeouts: { attempt: 40, deadline: 60 }, onWarning: () => {} });
    const response = await call(server.url);
    await until(() => server.sockets() === 0);
    expect(await failure(response.text())).toMatchObject({ timer: "deadline", limitMs: 60 });
  });

  test("a reader that takes its time is not blamed on the server", async () => {
    const server = await start((_request, response) => response.end("x".repeat(200_000)));
    const response = await resilient(fetch, { ...quick, timeouts: { idle: 40 } })(server.url);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await response.text()).length).toBe(200_000);
  });

  test("an abort in mid-body rejects with the signal's own reason", async () => {
    const server = await start((_request, response) => void response.writeHead(200).write("begin"));
    const controller = new AbortController();
    const reason = new Error("the user left");
    const response = await resilient(fetch, quick)(server.url, { signal: controller.signal });
    const text = failure(response.text());
    setTimeout(() => controller.abort(reason), 10);
    expect(await text).toBe(reason);
    await until(() => server.sockets() === 0);
  });

  test("a body that is cut is a network failure with the attempts behind it, not half an answer", async () => {
    const server = await start((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => response.destroy(), 10);
    });
    const error = await failure((await resilient(fetch, quick)(server.url)).text());
    expect(error).toMatchObject({ code: "network", stopReason: "fatal" });
    expect(error.verdict).toMatchObject({ kind: "network", phase: "unanswered", retryable: true });
    expect(error.attempts).toMatchObject([{ status: 200, stop: "fatal" }]);
    // Whoever holds the body may have used it: no second request.
    expect(server.seen).toHaveLength(1);
  });

  test("40 calls on one signal, bodies read, cancelled or absent, leave no listener", async () => {
    const server = await start((request, response) => {
      if (request.url === "/none") response.writeHead(204).end();
      else response.writeHead(request.url === "/bad" ? 400 : 200).end("body");
    });
    const { signal } = new AbortController();
    const call = resilient(fetch, quick);
    for (let n = 0; n < 10; n++) {
      await (await call(`${server.url}/ok`, { signal })).text();
      await (await call(`${server.url}/bad`, { signal })).text();
      await (await call(`${server.url}/ok`, { signal })).body!.cancel();
      await call(`${server.url}/none`, { signal });
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("bodies that nobody reads let go of the signal when they are forgotten", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const { signal } = new AbortController();
    const call = resilient(async () => new Response("unread"), quick);
    for (let n = 0; n < 40; n++) await call("http://a.test", { signal });
    await until(() => {
      gc();
      return getEventListeners(signal, "abort").length === 0;
    });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("50 ms after an abort nothing holds the process", async () => {
    const server = await start(() => {});
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    // What earlier calls left to the transport ends first.
    await until(() => timers() === 0);
    const controller = new AbortController();
    const work = failure(resilient(fetch, quick)(server.url, { signal: controller.signal }));
    await until(() => server.seen.length === 1);
    controller.abort();
    await work;
    await until(() => server.sockets() === 0);
    expect(timers()).toBe(0);
  });
});

import { failure, recovering, until } from "@failwell/lab";
import ky from "ky";
import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { resilient } from "./index.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

describe("on one long-lived signal", () => {
  test("10,000 calls in turn leave no listener, no timer and no more than two sockets", async () => {
    const server = await start((_request, response, number) =>
      response.writeHead(number % 10 === 0 ? 503 : 200).end("body"),
    );
    const { signal } = new AbortController();
    const before = timers();
    const api = resilient(ky, quick);
    for (let call = 0; call < 10_000; call++) {
      if (call % 2 === 0) await api(server.url, { signal }).text();
      else await (await api(server.url, { signal })).text();
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    expect(timers()).toBeLessThanOrEqual(before + 1);
    expect(server.sockets()).toBeLessThanOrEqual(2);
  }, 90_000);

  test("1,000 calls at once leave no listener, no timer and no socket", async () => {
    const server = await start((request, response) => {
      response.writeHead(request.url === "/503" ? 503 : 200, { connection: "close" }).end("body");
    });
    const { signal } = new AbortController();
    const before = timers();
    const api = resilient(ky, { ...quick, budget: false, onWarning: () => {} });
    const calls = Array.from({ length: 1000 }, (_, index) =>
      index % 10 === 0 ? failure(api(`${server.url}/503`, { signal })) : api(server.url, { signal }).text(),
    );
    await Promise.all(calls);
    expect(server.seen).toHaveLength(1200);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await until(() => server.sockets() === 0 && timers() <= before);
  }, 20_000);

  test("1,000 calls that are aborted together end together, with the reason", async () => {
    const server = await start(() => {});
    const controller = new AbortController();
    const before = timers();
    const api = resilient(ky, quick);
    const calls = Array.from({ length: 1000 }, () => failure(api(server.url, { signal: controller.signal }).json()));
    await until(() => server.seen.length > 0);
    controller.abort(new Error("enough"));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([controller.signal.reason]));
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    await until(() => server.sockets() === 0 && timers() <= before);
  }, 20_000);
});

describe("nothing stays unhandled", () => {
  test("when a shortcut is all that anybody waits for, and it fails", async () => {
    const server = await start((_request, response) => response.writeHead(400).end());
    expect(await failure(resilient(ky, quick)(server.url).json())).toMatchObject({ name: "HTTPError" });
  });

  test("when a call and its shortcut both fail, and both are heard", async () => {
    const server = await start((_request, response) => response.writeHead(400).end());
    const promise = resilient(ky, quick)(server.url);
    const shortcut = promise.json();
    expect(await failure(promise)).toBe(await failure(shortcut));
  });

  test("when an abort comes during the wait", async () => {
    const server = await start(recovering(9));
    const controller = new AbortController();
    const before = timers();
    const api = resilient(ky, { retry: { backoff: () => 60_000 } });
    const work = failure(api(server.url, { signal: controller.signal }));
    await until(() => server.seen.length === 1);
    await until(() => timers() > before);
    controller.abort();
    expect(await work).toBe(controller.signal.reason);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("when an abort comes while a hook runs", async () => {
    const server = await start(recovering(9));
    const controller = new AbortController();
    const forever = (): Promise<undefined> => {
      queueMicrotask(() => controller.abort());
      return new Promise(() => {});
    };
    const api = resilient(ky, quick).extend({ hooks: { beforeRetry: [forever] } });
    expect(await failure(api(server.url, { signal: controller.signal }))).toBe(controller.signal.reason);
    expect(server.seen).toHaveLength(1);
  });
});

import { constant } from "@failwell/core";
import { failure, until } from "@failwell/lab";
import axios, { type AxiosError, CanceledError } from "axios";
import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";

const { start } = useServers();
const slow = { retry: { backoff: constant(10_000) } };

describe.each(adapters)("an abort, with the %s adapter,", (adapter) => {
  test("is axios' CanceledError, with the reason as its cause", async () => {
    const server = await start(() => {});
    const controller = new AbortController();
    const reason = new RangeError("changed my mind");
    const work = failure<AxiosError>(
      resilient(axios.create({ adapter }), quick).get(server.url, { signal: controller.signal }),
    );
    await until(() => server.seen.length === 1);
    controller.abort(reason);
    const error = await work;
    expect(error).toBeInstanceOf(CanceledError);
    expect(error.code).toBe("ERR_CANCELED");
    expect(error.cause).toBe(reason);
    expect(error.message).toBe(adapter === "http" ? "canceled" : "changed my mind");
    expect(error.config!.signal).toBe(controller.signal);
    expect(error.request).toBeDefined();
    await until(() => server.sockets() === 0);
    expect(server.seen).toHaveLength(1);
  });

  test("by AbortSignal.timeout can be told from one by the user", async () => {
    const server = await start(() => {});
    const error = await failure<AxiosError>(
      resilient(axios.create({ adapter }), quick).get(server.url, { signal: AbortSignal.timeout(20) }),
    );
    expect(error).toMatchObject({ code: "ERR_CANCELED", cause: { name: "TimeoutError" } });
  });

  test("during the wait settles within 20 ms, and nothing more is sent", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    const controller = new AbortController();
    const { token, cancel } = axios.CancelToken.source();
    const api = resilient(axios.create({ adapter }), slow);
    for (const [config, end] of [
      [{ signal: controller.signal }, () => controller.abort()],
      [{ cancelToken: token }, () => cancel("enough")],
    ] as const) {
      const before = server.seen.length;
      const work = failure<AxiosError>(api.get(server.url, config));
      await until(() => server.seen.length > before);
      await new Promise((resolve) => setTimeout(resolve, 30)); // the answer has to arrive
      const started = performance.now();
      end();
      expect(await work).toMatchObject({ code: "ERR_CANCELED" });
      expect(performance.now() - started).toBeLessThan(20);
      expect(server.seen).toHaveLength(before + 1);
    }
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("before the call sends nothing, and keeps its reason", async () => {
    const server = await start((_request, response) => response.end());
    const reason = new Error("no");
    const error = await failure<AxiosError>(
      resilient(axios.create({ adapter }), quick).get(server.url, { signal: AbortSignal.abort(reason) }),
    );
    expect(error).toMatchObject({ code: "ERR_CANCELED", cause: reason });
    expect(server.seen).toHaveLength(0);
  });

  test("by a token is the error of the token, whichever call it ends", async () => {
    const server = await start(() => {});
    const { token, cancel } = axios.CancelToken.source();
    const { signal } = new AbortController();
    const api = resilient(axios.create({ adapter }), quick);
    const works = [
      failure(api.get(server.url, { cancelToken: token })),
      failure(api.get(server.url, { cancelToken: token, signal })),
    ];
    await until(() => server.seen.length === 2);
    cancel("enough");
    for (const error of await Promise.all(works)) expect(error).toBe(token.reason);
    expect(await failure(api.get(server.url, { cancelToken: token }))).toBe(token.reason);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await until(() => server.sockets() === 0);
  });

  test("by the signal beside a token has the signal's reason", async () => {
    const server = await start(() => {});
    const controller = new AbortController();
    const { token } = axios.CancelToken.source();
    const api = resilient(axios.create({ adapter }), quick);
    const work = failure(api.get(server.url, { cancelToken: token, signal: controller.signal }));
    await until(() => server.seen.length === 1);
    controller.abort("a word");
    expect(await work).toMatchObject({ code: "ERR_CANCELED", cause: "a word" });
  });
});

test("an abort that an adapter does not hear ends the call all the same", async () => {
  const controller = new AbortController();
  const adapter = (): Promise<never> => new Promise(() => {});
  const work = failure(resilient(axios.create({ adapter }), quick).get("http://a.test", { signal: controller.signal }));
  await Promise.resolve();
  setTimeout(() => controller.abort(), 5);
  expect(await work).toMatchObject({ code: "ERR_CANCELED", message: "canceled" });
});

test("an abort while the request is transformed sends nothing", async () => {
  const server = await start((_request, response) => response.end());
  const controller = new AbortController();
  const transformRequest = (): string => {
    controller.abort(new Error("late"));
    return "";
  };
  const work = resilient(axios.create(), quick).post(server.url, {}, { signal: controller.signal, transformRequest });
  expect(await failure(work)).toMatchObject({ code: "ERR_CANCELED", cause: { message: "late" } });
  expect(server.seen).toHaveLength(0);
});

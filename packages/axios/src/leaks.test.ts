import axios from "axios";
import { Agent } from "node:http";
import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";
import { until } from "@failwell/lab";

const { start } = useServers();

/** Timers of the process, but for those that keep nothing alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe.each(adapters)("the %s adapter", (adapter) => {
  test("10,000 calls one after another, and 1,000 at once, leave no listener, timer or socket behind", async () => {
    const server = await start((_request, response, number) =>
      response.writeHead(number % 100 === 0 ? 503 : 200).end("ok"),
    );
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 50 });
    const api = resilient(axios.create({ adapter, httpAgent }), { ...quick, budget: false, onWarning: () => {} });
    const { signal } = new AbortController();
    const { token } = axios.CancelToken.source();
    const get = (): Promise<unknown> => api.get(server.url, { signal, cancelToken: token });
    await get();
    const before = timers();
    for (let call = 1; call < 10_000; call++) await get();
    await Promise.all(Array.from({ length: 1000 }, get));
    expect(server.seen.length).toBeGreaterThan(11_000);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    expect(Object.values(token).filter(Array.isArray).flat()).toHaveLength(0);
    expect(timers()).toBeLessThanOrEqual(before);
    httpAgent.destroy();
    if (adapter === "http") await until(() => server.sockets() === 0);
  }, 90_000);
});

test("answers that nobody gets leave at most 2 sockets, whatever they were to be read as", async () => {
  const server = await start((_request, response, number) => {
    if (number % 2 === 1) response.writeHead(503).end("x".repeat(300_000));
    else response.end("ok");
  });
  for (const adapter of adapters) {
    const api = resilient(axios.create({ adapter }), quick);
    for (let call = 0; call < 12; call++) {
      const { data } = await api.get<AsyncIterable<Uint8Array>>(server.url, { responseType: "stream" });
      const chunks: Uint8Array[] = [];
      for await (const chunk of data) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe("ok");
    }
  }
  await until(() => server.sockets() <= 4);
});

test("a stream that is read, destroyed, cancelled or aborted leaves no listener", async () => {
  const server = await start((_request, response) => response.end("x".repeat(200_000)));
  const { signal } = new AbortController();
  for (const adapter of adapters) {
    const api = resilient(axios.create({ adapter, responseType: "stream" }), quick);
    const { data } = await api.get<AsyncIterable<Uint8Array>>(server.url, { signal });
    expect(getEventListeners(signal, "abort").length).toBeGreaterThan(0);
    for await (const _ of data);
    await until(() => getEventListeners(signal, "abort").length === 0);
    const { data: unread } = await api.get<{ destroy?: () => void; cancel?: () => Promise<void> }>(server.url, {
      signal,
    });
    await (unread.destroy?.() ?? unread.cancel?.());
    await until(() => getEventListeners(signal, "abort").length === 0);
    const controller = new AbortController();
    const aborted = await api.get<AsyncIterable<Uint8Array>>(server.url, { signal: controller.signal });
    controller.abort();
    await until(() => getEventListeners(controller.signal, "abort").length === 0);
    const reading = async (): Promise<void> => {
      for await (const _ of aborted.data);
    };
    await expect(reading()).rejects.toMatchObject({ code: "ERR_CANCELED" });
  }
});

import { until } from "@failwell/lab";
import { getEventListeners } from "node:events";
import { afterAll, expect, test } from "vitest";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const own = getGlobalDispatcher();
afterAll(() => setGlobalDispatcher(own));

/** Timers of the process, but for those that keep nothing alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("10,000 calls one after another, and 1,000 at once, leave no listener, timer or socket behind", async () => {
  const server = await start((_request, response, number) =>
    response.writeHead(number % 100 === 0 ? 503 : 200).end("ok"),
  );
  const call = resilient(undefined, { ...quick, budget: false, onWarning: () => {} });
  // A pool that lets go of idle connections soon.
  setGlobalDispatcher(new Agent({ keepAliveTimeout: 10, keepAliveMaxTimeout: 10 }));
  const { signal } = new AbortController();
  const get = async (): Promise<string> => (await call(server.url, { signal })).text();
  await get();
  const before = timers();
  for (let n = 1; n < 10_000; n++) await get();
  expect(server.sockets()).toBeLessThanOrEqual(2);
  await Promise.all(Array.from({ length: 1000 }, get));
  expect(server.seen.length).toBeGreaterThan(11_000);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  expect(timers()).toBeLessThanOrEqual(before);
  await until(() => server.sockets() === 0);
}, 30_000);

import { recovering, until } from "@failwell/lab";
import { quick, useServers } from "@failwell/lab/vitest";
import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { createLender } from "./lend.ts";
import { resilient } from "./resilient.ts";
import { resolve } from "@failwell/core";

const { start, startRaw } = useServers();

describe("what the caller passes is read when it is passed", () => {
  test("a URL that is changed while an attempt waits changes nothing", async () => {
    const server = await start(recovering(2));
    const url = new URL(`${server.url}/a`);
    const work = resilient(undefined, quick)(url, { method: "DELETE" });
    url.pathname = "/b";
    await work;
    expect(server.seen.map(({ method, url: path }) => `${method} ${path}`)).toEqual(["DELETE /a", "DELETE /a"]);
  });

  test("nor do headers of a Request", async () => {
    const server = await start(recovering(2));
    const request = new Request(server.url, { headers: { "x-own": "before" } });
    const work = resilient(undefined, quick)(request);
    request.headers.set("x-own", "after");
    await work;
    expect(server.seen.map(({ headers }) => headers["x-own"])).toEqual(["before", "before"]);
  });

  test.each([undefined, { profile: "none" as const }])(
    "a Request as the second argument keeps what it has: %j",
    async (policy) => {
      const server = await start((_request, response) => response.end());
      const call = resilient(undefined, policy);
      await call(server.url, new Request("http://elsewhere.test", { method: "DELETE", headers: { "x-own": "1" } }));
      await call(server.url, new Request("http://elsewhere.test", { method: "POST", body: "bytes" }));
      expect(server.seen.map(({ method, headers, body }) => [method, headers["x-own"], body.toString()])).toEqual([
        ["DELETE", "1", ""],
        ["POST", undefined, "bytes"],
      ]);
    },
  );

  test("a body of such a Request is sent again whole", async () => {
    const server = await start(recovering(3));
    await resilient(undefined, quick)(
      server.url,
      new Request("http://elsewhere.test", { method: "PUT", body: "bytes" }),
    );
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["bytes", "bytes", "bytes"]);
  });
});

describe("an answer is handed out as it came", () => {
  const raw = (status: string, body: string) =>
    Buffer.from(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);

  test.each(["503 \u670d\u52a1\u4e0d\u53ef\u7528", "200 \u6210\u529f"])(
    "with a reason that no constructor takes: %s",
    async (status) => {
      const server = await startRaw((socket) => socket.once("data", () => socket.end(raw(status, "text"))));
      const response = await resilient(undefined, quick)(server.url, { whole: true });
      expect(response.status).toBe(Number(status.slice(0, 3)));
      expect(response.ok).toBe(status.startsWith("200"));
      expect(await response.clone().text()).toBe("text");
      expect(await response.text()).toBe("text");
    },
  );

  test("an error whose body nobody reads is let go with the response", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const server = await start((_request, response) => void response.writeHead(400).write("x".repeat(300_000)));
    const { signal } = new AbortController();
    const call = resilient(undefined, quick);
    for (let n = 0; n < 5; n++) await call(server.url, { signal });
    // Garbage is collected when it is collected: real time, but little.
    await until(() => {
      collect();
      return server.sockets() === 0 && getEventListeners(signal, "abort").length === 0;
    });
  });
});

test("a request that a host puts in the place of the first is judged by what it is", async () => {
  const server = await start((request, response) => {
    if (request.method === "POST") response.destroy();
    else response.writeHead(503).end();
  });
  const lend = createLender(resolve);
  const beforeRetry = async () => new Request(`${server.url}/paid`, { method: "POST", body: "{}" });
  const work = lend(undefined, { ...quick, retry: { ...quick.retry, maxAttempts: 5 } })(server.url, undefined, {
    beforeRetry,
  });
  await expect(work).rejects.toMatchObject({ code: "ambiguous_outcome", call: `POST ${server.url}/paid` });
  expect(server.seen.map(({ method }) => method)).toEqual(["GET", "POST"]);
});

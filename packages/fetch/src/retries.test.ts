import { attemptsOf, type FailwellEvent } from "@failwell/core";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { failure, recovering, until } from "@failwell/lab";

const { start, startRaw } = useServers();

describe("retries", () => {
  test("a 503 is retried, and the attempts are on the response", async () => {
    const server = await start(recovering(3));
    const response = await resilient(fetch, quick)(server.url);
    expect(await response.text()).toBe("3");
    expect(attemptsOf(response)).toMatchObject([
      { number: 1, status: 503, kind: "unavailable", evidence: "status 503", waitMs: 1 },
      { number: 2, status: 503, waitMs: 1 },
      { number: 3, status: 200, kind: null, stop: "settled" },
    ]);
  });

  test("a 429 that says that the money is gone costs one request", async () => {
    const server = await start((_request, response) =>
      response
        .writeHead(429, { "content-type": "application/json" })
        .end(
          '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
        ),
    );
    const response = await resilient(fetch, quick)(server.url);
    expect(server.seen).toHaveLength(1);
    expect(attemptsOf(response)).toMatchObject([{ kind: "quota_exhausted", stop: "fatal" }]);
  });

  test("x-should-retry: false is obeyed on a 503", async () => {
    const server = await start((_request, response) => response.writeHead(503, { "x-should-retry": "false" }).end());
    const response = await resilient(fetch, quick)(server.url);
    expect(server.seen).toHaveLength(1);
    expect(attemptsOf(response)).toMatchObject([{ evidence: "header x-should-retry", stop: "fatal" }]);
  });

  test("a server that asks for 60 ms is not asked before", async () => {
    const moments: number[] = [];
    const server = await start((_request, response, number) => {
      moments.push(performance.now());
      response.writeHead(number === 1 ? 429 : 200, { "retry-after-ms": "60" }).end();
    });
    await resilient(fetch, { ...quick, random: () => 0 })(server.url);
    expect(moments[1]! - moments[0]!).toBeGreaterThanOrEqual(60);
  });

  test.each(["0", "Sun, 06 Nov 1994 08:49:37 GMT", "soon", "", "-3", "0x10"])(
    "a hint of %j is none: the call is retried after the backoff",
    async (hint) => {
      const server = await start((_request, response, number) =>
        response.writeHead(number === 1 ? 503 : 200, { "retry-after": hint }).end(),
      );
      const response = await resilient(fetch, quick)(server.url);
      expect(attemptsOf(response)).toMatchObject([{ retryAfterMs: null, waitMs: 1 }, { status: 200 }]);
    },
  );

  test("a hint of days makes no second request, and is passed on", async () => {
    const events: FailwellEvent[] = [];
    const server = await start((_request, response) => response.writeHead(429, { "retry-after": "9999999" }).end());
    const response = await resilient(fetch, { ...quick, onEvent: (event) => events.push(event) })(
      `${server.url}/v1?key=secret`,
    );
    expect(response.status).toBe(429);
    expect(server.seen).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({
      type: "gaveUp",
      reason: "deadline",
      retryAfterMs: 9_999_999_000,
      call: `GET ${server.url}/v1`,
    });
  });

  test("after a hint, calls with the same credential wait together; another credential does not", async () => {
    const server = await start((request, response, number) =>
      response.writeHead(number === 1 ? 429 : 200, { "retry-after-ms": "80" }).end(request.headers.authorization),
    );
    const call = resilient(fetch, { ...quick, random: () => 0 });
    const as = (key: string) => call(server.url, { headers: { authorization: `Bearer ${key}` } });
    const first = as("one");
    await until(() => server.seen.length === 1);
    await until(() => server.sockets() === 1);
    await new Promise((resolve) => setTimeout(resolve, 20)); // the answer has to arrive
    const same = Array.from({ length: 5 }, () => as("one"));
    await as("two");
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer one", "Bearer two"]);
    await Promise.all([first, ...same]);
    expect(server.seen).toHaveLength(8);
  });

  test("a never-ending error body is looked into for a second, then let go, and the call is retried", async () => {
    let closed = false;
    const server = await start((_request, response, number) => {
      if (number > 1) return void response.end("fine");
      response.writeHead(503);
      const timer = setInterval(() => response.write("still failing\n"), 20);
      response.on("close", () => {
        clearInterval(timer);
        closed = true;
      });
    });
    const started = performance.now();
    const response = await resilient(fetch, quick)(server.url);
    expect(await response.text()).toBe("fine");
    expect(performance.now() - started).toBeLessThan(1500);
    await until(() => closed);
  });

  test("12 times 503 with 300 kB, then 200, leave at most 2 sockets", async () => {
    const server = await start((_request, response, number) => {
      if (number % 2 === 1) response.writeHead(503).end("x".repeat(300_000));
      else response.end("ok");
    });
    const call = resilient(fetch, quick);
    for (let n = 0; n < 12; n++) expect(await (await call(server.url)).text()).toBe("ok");
    await until(() => server.sockets() <= 2);
  });
});

describe("work that costs money", () => {
  test("a POST whose connection breaks after it was sent is not sent again", async () => {
    const server = await startRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const error = await failure(resilient(fetch, quick)(server.url, { method: "POST", body: "{}" }));
    expect(server.opened).toBe(1);
    expect(error).toMatchObject({
      code: "ambiguous_outcome",
      stopReason: "unsafe_replay",
      message: `POST ${server.url}/ was sent without an answer: look up whether it was executed before you send it again; with an idempotency key or reconcile() this is done for you`,
      cause: { code: "network", stopReason: "unsafe_replay" },
    });
    expect(error.verdict).toMatchObject({ kind: "network", phase: "unanswered" });
    expect((error.cause as Error).cause).toBeInstanceOf(TypeError);
  });

  test("the same GET is", async () => {
    const server = await startRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const error = await failure(resilient(fetch, quick)(server.url));
    expect(server.opened).toBe(3);
    expect(error).toMatchObject({ stopReason: "attempts" });
  });

  test("a POST that is refused is sent again: nobody got it", async () => {
    const server = await start(() => {});
    await server.close();
    const error = await failure(resilient(fetch, quick)(server.url, { method: "POST", body: "{}" }));
    expect(error.verdict.phase).toBe("unsent");
    expect(error.attempts).toHaveLength(3);
  });

  test("a POST that was answered with 503 is sent again, one with 504 is not", async () => {
    const server = await start((request, response) => response.writeHead(Number(request.url!.slice(1))).end());
    const call = resilient(fetch, quick);
    await call(`${server.url}/503`, { method: "POST", body: "{}" });
    await call(`${server.url}/504`, { method: "POST", body: "{}" });
    expect(server.seen.map(({ url }) => url)).toEqual(["/503", "/503", "/503", "/504"]);
  });

  test("an idempotency key is the same on every attempt and another one on every call; then a broken POST is sent again", async () => {
    const server = await start((_request, response, number) => {
      if (number === 1 || number === 3) response.destroy();
      else response.end();
    });
    const call = resilient(fetch, { ...quick, idempotencyKey: true });
    await call(server.url, { method: "POST", body: "{}" });
    await call(server.url, { method: "PATCH", body: "{}" });
    const keys = server.seen.map(({ headers }) => headers["idempotency-key"] as string);
    expect(keys).toHaveLength(4);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[3]).toBe(keys[2]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test("the caller's own key is kept, a function makes one from the request, GET gets none", async () => {
    const server = await start((_request, response) => response.end());
    const call = resilient(fetch, {
      ...quick,
      idempotencyKey: ({ method, url }) => `${method} ${new URL(url).pathname}`,
    });
    await call(`${server.url}/a`, { method: "POST", headers: { "Idempotency-Key": "mine" } });
    await call(`${server.url}/b`, { method: "POST" });
    await call(`${server.url}/c`);
    await resilient(fetch, { idempotencyKey: "fixed" })(`${server.url}/d`, { method: "POST" });
    expect(server.seen.map(({ headers }) => headers["idempotency-key"])).toEqual([
      "mine",
      "POST /b",
      undefined,
      "fixed",
    ]);
  });
});

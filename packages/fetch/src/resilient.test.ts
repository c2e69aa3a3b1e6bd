import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { attemptsOf, constant, FailwellError, type FailwellEvent } from "@failwell/core";
import { fetch as undiciFetch, FormData as UndiciFormData } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FetchPolicy } from "./policy.ts";
import { resilient } from "./resilient.ts";
import { failure, recovering, serve, serveRaw, type TestServer, until } from "./testing/server.fixture.ts";

// Real sockets on the loopback, so real time: waits are a few ms long.
const quick: FetchPolicy = { retry: { backoff: constant(1) } };

const servers: TestServer[] = [];
async function start(...args: Parameters<typeof serve>): Promise<TestServer> {
  const server = await serve(...args);
  servers.push(server);
  return server;
}
async function startRaw(...args: Parameters<typeof serveRaw>): Promise<TestServer> {
  const server = await serveRaw(...args);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on("unhandledRejection", keep));
afterAll(() => {
  process.off("unhandledRejection", keep);
  expect(unhandled).toEqual([]);
});

describe("a fetch stays a fetch", () => {
  test("a success is the Response of the fetch underneath", async () => {
    const server = await start((_request, response) => response.writeHead(200, { "x-a": "b" }).end("hello"));
    const response = await resilient(fetch, quick)(`${server.url}/path?q=1`);
    expect(response).toBeInstanceOf(Response);
    expect(response).toMatchObject({
      status: 200,
      ok: true,
      url: `${server.url}/path?q=1`,
      redirected: false,
      type: "basic",
    });
    expect(response.headers.get("x-a")).toBe("b");
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe("hello");
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow(TypeError);
  });

  test("an HTTP error resolves, its body unread and whole, whichever way it is read", async () => {
    const text = JSON.stringify({ error: { message: "x".repeat(300_000), code: "invalid_value" } });
    const server = await start((_request, response) =>
      response.writeHead(400, { "content-type": "application/json" }).end(text),
    );
    const call = resilient(fetch, quick);
    const get = () => call(server.url);
    expect(await (await get()).text()).toBe(text);
    expect(await (await get()).json()).toEqual(JSON.parse(text));
    expect((await (await get()).arrayBuffer()).byteLength).toBe(text.length);
    expect((await (await get()).bytes()).byteLength).toBe(text.length);
    expect((await (await get()).blob()).type).toBe("application/json");
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await get()).body!) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(text);
    const response = await get();
    const twin = response.clone();
    expect(twin).toMatchObject({ status: 400, url: `${server.url}/` });
    expect(attemptsOf(twin)).toBe(attemptsOf(response));
    expect(await twin.text()).toBe(text);
    expect(await response.text()).toBe(text);
    const byob = (await get()).body!.getReader({ mode: "byob" });
    const { value } = await byob.read(new Uint8Array(10));
    expect(Buffer.from(value!).toString()).toBe('{"error":{');
    await byob.cancel();
  });

  test("a form in an answer can be read", async () => {
    const server = await start((_request, response) =>
      response.writeHead(200, { "content-type": "application/x-www-form-urlencoded" }).end("a=1&b=2"),
    );
    const form = await (await resilient(fetch, quick)(server.url)).formData();
    expect([...form]).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  test("an answer without a body has none", async () => {
    const server = await start((_request, response) => response.writeHead(204).end());
    const response = await resilient(fetch, quick)(server.url);
    expect(response.body).toBeNull();
    expect(await response.text()).toBe("");
  });

  test("a body that is cancelled frees its socket", async () => {
    const server = await start((_request, response) => void response.writeHead(200).write("begin"));
    const response = await resilient(fetch, quick)(server.url);
    await response.body!.cancel();
    await until(() => server.sockets() === 0);
  });

  test("a URL that is none rejects with fetch's own TypeError, at once", async () => {
    const error = await failure(resilient(fetch, quick)("http://"));
    expect(error).toBeInstanceOf(TypeError);
    expect(FailwellError.is(error)).toBe(false);
    expect(attemptsOf(error)).toMatchObject([{ kind: "bad_request", stop: "fatal" }]);
  });

  test("methods, headers and redirects pass through", async () => {
    const server = await start((request, response) => {
      if (request.url === "/old") response.writeHead(307, { location: "/new" }).end();
      else response.end(`${request.method} ${String(request.headers["x-one"])}`);
    });
    const response = await resilient(fetch, quick)(`${server.url}/old`, {
      method: "PUT",
      body: "x",
      headers: { "X-One": "1" },
    });
    expect(await response.text()).toBe("PUT 1");
    expect(response).toMatchObject({ redirected: true, url: `${server.url}/new` });
  });

  test("without an argument the fetch of the platform is looked up at each call", async () => {
    const call = resilient(undefined, quick);
    const original = globalThis.fetch;
    globalThis.fetch = async () => new Response("double");
    try {
      expect(await (await call("http://nowhere.test")).text()).toBe("double");
    } finally {
      globalThis.fetch = original;
    }
  });

  test("a relative URL, where there is no page it could be relative to, is fetch's own error", async () => {
    const events: FailwellEvent[] = [];
    const error = await failure(resilient(fetch, { ...quick, onEvent: (event) => events.push(event) })("/v1/models"));
    expect(error).toBeInstanceOf(TypeError);
    expect(events.at(-1)).toMatchObject({ type: "gaveUp", reason: "fatal", call: "GET " });
  });

  test("a body that the caller reads by a stream, then by a method, behaves as with fetch", async () => {
    const server = await start((_request, response) => response.end("once"));
    const call = resilient(fetch, quick);
    const response = await call(server.url);
    expect(await response.text()).toBe("once");
    const plain = await fetch(server.url);
    await plain.text();
    expect(response.body!.locked).toBe(plain.body!.locked);
    const other = await call(server.url);
    const reader = other.body!.getReader();
    await reader.read();
    expect(other.bodyUsed).toBe(true);
    await expect(other.text()).rejects.toThrow(TypeError);
    await reader.cancel();
  });

  test("wrapped twice there is one layer of retries", async () => {
    const server = await start(recovering(100));
    const once = resilient(fetch, { retry: { ...quick.retry, maxAttempts: 5 } });
    await resilient(once, quick)(server.url);
    expect(server.seen).toHaveLength(3);
  });
});

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

function withoutBoundary({ body, headers, ...seen }: TestServer["seen"][number]): unknown {
  const [, boundary = "none"] = /boundary=(.*)/.exec(headers["content-type"] ?? "") ?? [];
  return JSON.parse(JSON.stringify({ ...seen, headers, body: body.toString("latin1") }).replaceAll(boundary, "-"));
}

describe("the bytes that are sent", () => {
  const bodies: [string, () => BodyInit][] = [
    ["text", () => '{"prompt":"a cat"}'],
    ["bytes", () => new TextEncoder().encode("bytes")],
    ["a buffer", () => new TextEncoder().encode("buffer").buffer],
    ["a blob", () => new Blob(["blob"], { type: "image/x" })],
    ["search parameters", () => new URLSearchParams({ a: "1", b: "ä" })],
    [
      "a form",
      () => {
        const form = new FormData();
        form.set("f", new Blob(["file"]), "f.txt");
        return form;
      },
    ],
  ];

  test.each(bodies)("%s: the same URL, headers and bytes on every attempt", async (_name, body) => {
    const server = await start(recovering(3));
    const response = await resilient(fetch, quick)(`${server.url}/a?b=c`, {
      method: "PUT",
      body: body(),
      headers: { "x-n": "1" },
    });
    expect(response.status).toBe(200);
    expect(server.seen).toHaveLength(3);
    // The boundary of a form is made anew for each attempt.
    const [first, ...others] = server.seen.map((seen) => withoutBoundary(seen));
    for (const seen of others) expect(seen).toEqual(first);
    expect(server.seen[0]!.body.length).toBeGreaterThan(0);
  });

  test.each(bodies)("%s: what is sent is what plain fetch sends", async (name, body) => {
    const server = await start((_request, response) => response.end());
    const init = () => ({ method: "POST", body: body(), headers: { "x-n": "1" } });
    await fetch(server.url, init());
    await resilient(fetch, quick)(server.url, init());
    const [plain, ours] = server.seen as [never, never] as [
      { headers: Record<string, string>; body: Buffer },
      { headers: Record<string, string>; body: Buffer },
    ];
    if (name === "a form") {
      // The boundary is random.
      expect(ours.body.length).toBe(plain.body.length);
      expect(ours.headers["content-length"]).toBe(plain.headers["content-length"]);
    } else expect(ours).toEqual(plain);
  });

  test("a Request with a body is sent whole on every attempt", async () => {
    const server = await start(recovering(3));
    const request = new Request(server.url, { method: "PUT", body: "from a Request", headers: { "x-r": "1" } });
    await resilient(fetch, quick)(request);
    expect(server.seen.map(({ body }) => body.toString())).toEqual([
      "from a Request",
      "from a Request",
      "from a Request",
    ]);
    expect(server.seen[2]!.headers["x-r"]).toBe("1");
  });

  test("a Request without a body is sent again, with the init laid over it", async () => {
    const server = await start(recovering(2));
    await resilient(fetch, quick)(new Request(server.url, { headers: { a: "1" } }), { headers: { b: "2" } });
    expect(server.seen[1]!.headers).toMatchObject({ b: "2" });
    expect(server.seen[1]!.headers["a"]).toBeUndefined();
  });

  test("what the caller changes after the call changes nothing", async () => {
    const server = await start(recovering(3));
    const headers: Record<string, string> = { "x-n": "before" };
    const list = new Headers({ "x-n": "before" });
    const bytes = new TextEncoder().encode("before");
    const call = resilient(fetch, quick);
    const work = Promise.all([
      call(server.url, { headers }),
      call(server.url, { method: "PUT", headers: list, body: bytes }),
    ]);
    headers["x-n"] = "after";
    list.set("x-n", "after");
    bytes.fill(65);
    await work;
    expect(new Set(server.seen.map((seen) => seen.headers["x-n"]))).toEqual(new Set(["before"]));
    expect(server.seen.filter(({ method }) => method === "PUT").map(({ body }) => body.toString())).toContain("before");
    expect(server.seen.map(({ body }) => body.toString()).filter((body) => body.includes("A"))).toEqual([]);
  });

  test("a frozen init works and stays as it is", async () => {
    const server = await start(recovering(2));
    const init = Object.freeze({ method: "PUT", body: "x", headers: Object.freeze({ a: "1" }) });
    await resilient(fetch, quick)(server.url, init);
    expect(init).toEqual({ method: "PUT", body: "x", headers: { a: "1" } });
  });

  test("a stream is sent once, never again as an empty body, and the reason is said", async () => {
    const server = await start(recovering(2));
    const stream = new Blob(["streamed"]).stream();
    const response = await resilient(fetch, quick)(server.url, {
      method: "PUT",
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(503);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["streamed"]);
    expect(attemptsOf(response)).toMatchObject([{ stop: "body_not_replayable" }]);
  });

  test("a stream within bufferBody is sent again", async () => {
    const server = await start(recovering(2));
    const call = resilient(fetch, { ...quick, bufferBody: 100 });
    const response = await call(server.url, {
      method: "PUT",
      body: new Blob(["streamed"]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(200);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["streamed", "streamed"]);
  });

  test("a stream that cannot be iterated, as in Safari, is kept as well", async () => {
    const server = await start(recovering(2));
    const stream = new Blob(["safari"]).stream();
    Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
    const init = { method: "PUT", body: stream, duplex: "half" } as RequestInit;
    await resilient(fetch, { ...quick, bufferBody: 100 })(server.url, init);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["safari", "safari"]);
  });

  test("a stream beyond bufferBody is sent whole, and once", async () => {
    const server = await start(recovering(2));
    const call = resilient(fetch, { ...quick, bufferBody: 10 });
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const piece of ["0123456", "789abc", "def"]) yield new TextEncoder().encode(piece);
    }
    const response = await call(server.url, {
      method: "PUT",
      body: pieces() as unknown as BodyInit,
      duplex: "half",
    } as RequestInit);
    expect(attemptsOf(response)).toMatchObject([{ stop: "body_not_replayable" }]);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["0123456789abcdef"]);
  });

  test("a function as a body is called once per attempt", async () => {
    const server = await start(recovering(3));
    let made = 0;
    const body = () => new Blob([`stream ${++made}`]).stream();
    const response = await resilient(fetch, quick)(server.url, { method: "PUT", body });
    expect(response.status).toBe(200);
    expect(server.seen.map(({ body: sent }) => sent.toString())).toEqual(["stream 1", "stream 2", "stream 3"]);
  });
});

describe("work that costs money", () => {
  test("a POST whose connection breaks after it was sent is not sent again", async () => {
    const server = await startRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const error = await failure(resilient(fetch, quick)(server.url, { method: "POST", body: "{}" }));
    expect(server.opened).toBe(1);
    expect(error).toMatchObject({ code: "network", stopReason: "unsafe_replay" });
    expect(error.verdict).toMatchObject({ kind: "network", phase: "unanswered" });
    expect(error.cause).toBeInstanceOf(TypeError);
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
    const before = timers();
    const controller = new AbortController();
    const work = failure(resilient(fetch, quick)(server.url, { signal: controller.signal }));
    await until(() => server.seen.length === 1);
    controller.abort();
    await work;
    await until(() => server.sockets() === 0);
    expect(timers()).toBe(before);
  });
});

describe("at the edges", () => {
  test("a POST that was executed is not sent again when the redirect it answered with leads nowhere", async () => {
    for (const status of [303, 307]) {
      const server = await start((_request, response) =>
        response.writeHead(status, { location: "http://127.0.0.1:2/" }).end(),
      );
      const error = await failure(resilient(fetch, quick)(server.url, { method: "POST", body: "pay me" }));
      expect(error).toMatchObject({ stopReason: "unsafe_replay", verdict: { phase: "unanswered" } });
      expect(server.seen).toHaveLength(1);
    }
  });

  test("a resilient fetch behind a wrapper of one's own can be read in every way", async () => {
    const server = await start((_request, response) => response.end("body"));
    const inner = resilient(fetch, quick);
    const outer = resilient((input, init) => inner(input, init), quick);
    expect(await (await outer(server.url)).text()).toBe("body");
    expect(await (await outer(server.url)).clone().text()).toBe("body");
    expect(await new Response((await outer(server.url)).body).text()).toBe("body");
  });

  test("resilient can take the place of the platform's fetch, before and after others wrap it", async () => {
    const server = await start(recovering(2));
    const original = globalThis.fetch;
    try {
      const library = resilient(undefined, quick);
      globalThis.fetch = resilient(undefined, quick);
      globalThis.fetch = resilient(globalThis.fetch, quick);
      expect(await (await globalThis.fetch(server.url)).text()).toBe("2");
      expect(await (await library(server.url)).text()).toBe("3");
    } finally {
      globalThis.fetch = original;
    }
  });

  test("of two readers of one body the first gets it, and the second is refused as by fetch", async () => {
    const server = await start((_request, response) => {
      response.write("be");
      setTimeout(() => response.end("gin"), 30);
    });
    const response = await resilient(fetch, quick)(server.url);
    const first = response.text();
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(await first).toBe("begin");
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(attemptsOf(response)).toMatchObject([{ stop: "settled" }]);
  });

  test.each([
    ["AbortSignal.timeout", () => AbortSignal.timeout(30)],
    [
      "an error that looks like one of the network",
      () => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(new Error("socket hang up elsewhere")), 30);
        return controller.signal;
      },
    ],
  ])("an abort in mid-body by %s rejects with the reason itself, and says aborted", async (_name, make) => {
    const server = await start((_request, response) => void response.writeHead(200).write("begin"));
    for (const read of [(response: Response) => response.text(), (response: Response) => response.clone().text()]) {
      const signal = make();
      const response = await resilient(fetch, quick)(server.url, { signal });
      expect(await failure(read(response))).toBe(signal.reason);
      expect(attemptsOf(response)).toMatchObject([{ stop: "aborted" }]);
    }
  });

  test("text that is no JSON is a SyntaxError, whatever it speaks of", async () => {
    const server = await start((_request, response) => response.end("connection refused"));
    const response = await resilient(fetch, quick)(server.url);
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect(attemptsOf(response)).toMatchObject([{ stop: "settled" }]);
  });

  test("pieces of one buffer, and pieces of a pool, arrive whole and stay the sender's", async () => {
    const whole = new Uint8Array(100).fill(97);
    const pieces = (): ReadableStream<Uint8Array> => {
      let at = 0;
      return new ReadableStream({
        pull(controller) {
          if (at === 100) return controller.close();
          controller.enqueue(at % 20 === 0 ? whole.subarray(at, at + 10) : Buffer.from("aaaaaaaaaa"));
          at += 10;
        },
      });
    };
    for (const status of [200, 400]) {
      const call = resilient(async () => new Response(pieces(), { status }), quick);
      expect((await (await call("http://a.test")).text()).length).toBe(100);
    }
    expect(whole.byteLength).toBe(100);
  });

  test("the fetch of another copy of undici gets bodies of every kind as they were given", async () => {
    const server = await start((_request, response) => response.end());
    const bodies = [new Uint8Array([97]), new URLSearchParams({ a: "1" }), new Blob(["a"]), new ArrayBuffer(1)];
    const call = resilient(undiciFetch as never, quick);
    for (const body of bodies) expect((await call(server.url, { method: "POST", body })).status).toBe(200);
    const form = new UndiciFormData();
    form.set("a", "1");
    await call(server.url, { method: "POST", body: form as never });
    expect(server.seen.map(({ body }) => body.length > 0)).toEqual([true, true, true, true, true]);
  });

  test("bodies of every kind leave no listener on the caller's signal", async () => {
    const server = await start((_request, response) => response.end("ok"));
    const { signal } = new AbortController();
    for (const body of ["a", new Uint8Array([1]), new Blob(["a"]), new URLSearchParams("a=1")]) {
      await (await resilient(fetch, quick)(server.url, { method: "POST", body, signal })).text();
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("an error whose body somebody read already still resolves with its status", async () => {
    const read = new Response("boom", { status: 500 });
    await read.text();
    expect((await resilient(async () => read, quick)("http://a.test")).status).toBe(500);
    const same = new Response("boom", { status: 500 });
    const response = await resilient(async () => same, quick)("http://a.test");
    expect(attemptsOf(response)).toHaveLength(3);
    expect(await response.text()).toBe("boom");
  });

  test("a stream that stalls while it is kept ends with the caller's signal, and with the deadline", async () => {
    const stalls = (): RequestInit =>
      ({
        method: "PUT",
        body: new ReadableStream({ pull: () => new Promise(() => {}) }),
        duplex: "half",
      }) as RequestInit;
    const signal = AbortSignal.timeout(20);
    const call = resilient(fetch, {
      ...quick,
      bufferBody: 100,
      timeouts: { attempt: 40, deadline: 60 },
      onWarning: () => {},
    });
    expect(await failure(call("http://a.test", { ...stalls(), signal }))).toBe(signal.reason);
    expect(await failure(call("http://a.test", stalls()))).toMatchObject({ code: "timeout" });
  });

  test("a 503 whose body stalls is still the answer when the deadline is near", async () => {
    const server = await start((_request, response) => void response.writeHead(503).write("begin"));
    const response = await resilient(fetch, { ...quick, timeouts: { deadline: 300 } })(server.url);
    expect(response.status).toBe(503);
    await response.body!.cancel();
  });

  test("a call may have a deadline below the attempt timeout of its client", async () => {
    const server = await start(() => {});
    const call = resilient(fetch, { ...quick, timeouts: { attempt: 30_000 } });
    const error = await failure(call(server.url, { policy: { timeouts: { deadline: 40 }, onWarning: () => {} } }));
    expect(error).toMatchObject({ timer: "deadline", limitMs: 40 });
  });

  test("profile none for one call is not held back by the client's cool-down", async () => {
    const server = await start((_request, response) => response.writeHead(429, { "retry-after": "30" }).end());
    const call = resilient(fetch, quick);
    const none: FetchPolicy = { profile: "none" };
    for (let n = 0; n < 2; n++) expect((await call(server.url, { policy: none })).status).toBe(429);
  });

  test("a redirect that goes round in circles is followed once, not once per attempt", async () => {
    const server = await start((_request, response) => response.writeHead(302, { location: "/" }).end());
    const error = await failure(resilient(fetch, quick)(server.url));
    expect(error).toMatchObject({ code: "network", stopReason: "fatal" });
  });

  test("null for an init is none", async () => {
    const server = await start((_request, response) => response.end("ok"));
    expect(await (await resilient(fetch, quick)(server.url, null as never)).text()).toBe("ok");
  });
});

describe("a fetch of one's own", () => {
  test("that ignores its signal does not hold the call, and what it answers too late is let go", async () => {
    let cancelled = 0;
    const late = new Response(new ReadableStream({ cancel: () => void cancelled++ }));
    const empty = new Response(null, { status: 204 });
    const answers = [late, empty];
    const slow: typeof fetch = () => new Promise((resolve) => setTimeout(() => resolve(answers.shift()!), 60));
    const call = resilient(slow, { retry: { maxAttempts: 1 }, timeouts: { attempt: 20 } });
    expect(await failure(call("http://a.test"))).toMatchObject({ code: "timeout", timer: "attempt" });
    expect(await failure(call("http://a.test"))).toMatchObject({ code: "timeout" });
    await until(() => answers.length === 0 && cancelled === 1);
  });

  test("whose body stalls is watched through a stream", async () => {
    const stalls: typeof fetch = async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
    const call = resilient(stalls, { timeouts: { idle: 30 } });
    expect(await failure((await call("http://a.test")).text())).toMatchObject({ timer: "idle" });
  });

  test("that throws at once is taken like one that rejects", async () => {
    const broken: typeof fetch = () => {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    };
    expect(await failure(resilient(broken, quick)("http://a.test"))).toMatchObject({
      code: "network",
      attempts: { length: 3 },
    });
  });
});

describe("profile none", () => {
  test("sends once, and hands over an error without looking into it", async () => {
    const server = await start((_request, response) => void response.writeHead(503).write("begin"));
    const started = performance.now();
    const response = await resilient(fetch, { profile: "none" })(server.url);
    expect(performance.now() - started).toBeLessThan(500);
    expect(attemptsOf(response)).toMatchObject([{ number: 1, status: 503, kind: "unavailable", stop: "attempts" }]);
    expect(server.seen).toHaveLength(1);
    await response.body!.cancel();
  });

  test("still ends a body when the caller aborts", async () => {
    const server = await start((_request, response) => void response.writeHead(200).write("begin"));
    const controller = new AbortController();
    const response = await resilient(fetch, { profile: "none" })(server.url, { signal: controller.signal });
    const reason = new Error("left");
    const text = failure(response.text());
    controller.abort(reason);
    expect(await text).toBe(reason);
  });

  test("with a listener it looks, so that the event can say what it was", async () => {
    const events: FailwellEvent[] = [];
    const server = await start((_request, response) => response.writeHead(400).end('{"__type":"ThrottlingException"}'));
    const response = await resilient(fetch, { profile: "none", onEvent: (event) => events.push(event) })(server.url);
    expect(events[0]).toMatchObject({ type: "attemptFailed", verdict: { kind: "rate_limit" } });
    expect(await response.json()).toEqual({ __type: "ThrottlingException" });
  });
});

describe("a policy of one call", () => {
  test("goes over that of the client, and shares its budget and cool-down", async () => {
    const server = await start(recovering(100));
    const call = resilient(fetch, quick);
    const once: FetchPolicy = { retry: { maxAttempts: 1 } };
    await call(server.url, { policy: once });
    await call(server.url, { policy: once });
    expect(server.seen).toHaveLength(2);
    // 10 retries in the budget of the client, whoever takes them.
    const own: FetchPolicy = { retry: { maxAttempts: 11 }, onWarning: () => {} };
    await call(server.url, { policy: own });
    await call(server.url, { policy: own });
    await call(server.url);
    expect(server.seen).toHaveLength(2 + 11 + 1 + 1);
  });

  test("a warning is said once, however many calls bring a policy of their own", async () => {
    const server = await start((_request, response) => response.end());
    const warnings: string[] = [];
    const call = resilient(fetch, { budget: false, onWarning: (warning) => warnings.push(warning) });
    for (let n = 0; n < 3; n++) await call(server.url, { policy: { timeouts: { idle: 1000 } } });
    expect(warnings).toEqual(["without a budget, 3 attempts multiply the load by 3 during an outage"]);
  });

  test("a warning goes to console.warn when nobody listens", () => {
    const original = console.warn;
    const said: unknown[] = [];
    console.warn = (text: unknown) => void said.push(text);
    try {
      resilient(fetch, { budget: false });
    } finally {
      console.warn = original;
    }
    expect(said).toEqual(["failwell: without a budget, 3 attempts multiply the load by 3 during an outage"]);
  });

  test("a policy that cannot work is refused before anything is sent", async () => {
    const server = await start(recovering(1));
    await expect(resilient(fetch, quick)(server.url, { policy: { retry: { maxAttempts: 0 } } })).rejects.toThrow(
      "retry.maxAttempts must be at least 1, got 0",
    );
    expect(server.seen).toEqual([]);
  });
});

import { attemptsOf, FailwellError, type FailwellEvent } from "@failwell/core";
import { describe, expect, test } from "vitest";
import type { FetchPolicy } from "./policy.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { failure, recovering, until } from "@failwell/lab";

const { start } = useServers();

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

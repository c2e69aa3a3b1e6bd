import { gzipSync } from "node:zlib";
import { constant } from "@failwell/core";
import { afterEach, describe, expect, test } from "vitest";
import { Agent, fetch as otherFetch, getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { resilient } from "./resilient.ts";
import { serve, serveRaw, type TestServer } from "@failwell/lab";
import { builtIn, isLiftable, isRefusal } from "@failwell/core";

const quick = { retry: { backoff: constant(1), maxAttempts: 2 } };
const own = getGlobalDispatcher();
let server: TestServer | undefined;
afterEach(async () => {
  setGlobalDispatcher(own);
  await server?.close();
});

describe("the wall of the transport", () => {
  // undici's timers tick every half second and do not fire before 1 s: real time, 2.5 s.
  test("a limit of 1 s to the headers and between bytes, which cuts plain fetch, does not cut ours after 2 s", async () => {
    setGlobalDispatcher(new Agent({ headersTimeout: 1000, bodyTimeout: 1000 }));
    server = await serve((request, response) => {
      const late = (): void => void response.end("late");
      if (request.url === "/body") response.write("early, ");
      setTimeout(late, 2200);
    });
    const call = resilient(fetch, quick);
    const [plain, headers, body] = await Promise.all([
      fetch(server.url).catch((error: Error) => (error.cause as { code: string }).code),
      call(`${server.url}/headers`).then((response) => response.text()),
      call(`${server.url}/body`).then((response) => response.text()),
    ]);
    expect({ plain, headers, body }).toEqual({
      plain: "UND_ERR_HEADERS_TIMEOUT",
      headers: "late",
      body: "early, late",
    });
  });

  test("gzip is decoded and redirects are followed through it", async () => {
    server = await serve((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: "/zip" }).end();
      else response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("zipped"));
    });
    const response = await resilient(fetch, quick)(server.url);
    expect(response.redirected).toBe(true);
    expect(await response.text()).toBe("zipped");
  });

  test("the dispatcher that the application sets, even later, stays in force", async () => {
    const call = resilient(fetch, quick);
    const mock = new MockAgent();
    mock.disableNetConnect();
    setGlobalDispatcher(mock);
    const pool = mock.get("https://api.example.com");
    pool.intercept({ path: "/v1", method: "POST", body: '{"a":1}' }).reply(200, "mocked");
    const response = await call("https://api.example.com/v1", { method: "POST", body: '{"a":1}' });
    expect(await response.text()).toBe("mocked");
  });

  test("a dispatcher that the caller passes is the one that sends", async () => {
    server = await serve((_request, response) => response.end("ok"));
    let sent = 0;
    class Counting extends Agent {
      override dispatch(...args: Parameters<Agent["dispatch"]>): boolean {
        sent++;
        return super.dispatch(...args);
      }
    }
    const dispatcher = new Counting();
    await (await resilient(fetch, quick)(server.url, { dispatcher } as never)).text();
    expect(sent).toBe(1);
    await dispatcher.close();
  });

  test("the fetch of another copy of undici works, with its own transport", async () => {
    server = await serve((_request, response) => response.end("ok"));
    const call = resilient(otherFetch as never, quick);
    expect(await (await call(server.url)).text()).toBe("ok");
  });

  test("a fetch that refuses the dispatcher is called again without it, and nothing is lost", async () => {
    const original = globalThis.fetch;
    const inits: RequestInit[] = [];
    globalThis.fetch = async (_input, init) => {
      inits.push(init!);
      if ("dispatcher" in init!) {
        throw new TypeError("fetch failed", {
          cause: Object.assign(new Error("invalid onRequestStart method"), { code: "UND_ERR_INVALID_ARG" }),
        });
      }
      return new Response("without");
    };
    try {
      const call = resilient(globalThis.fetch, quick);
      expect(await (await call("http://x.test")).text()).toBe("without");
      await call("http://x.test");
      expect(inits.map((init) => "dispatcher" in init)).toEqual([true, false, false]);
    } finally {
      globalThis.fetch = original;
    }
  });

  test("where a foreign fetch may give up after 300 s, a longer timeout is warned about, with the numbers", () => {
    const warnings: string[] = [];
    resilient(async () => new Response(), { profile: "longRunning", onWarning: (warning) => warnings.push(warning) });
    expect(warnings).toEqual([
      "timeouts.attempt is 900000 ms, but the fetch that was passed may give up after 300000 ms: pass Node's own fetch, or none",
    ]);
  });

  const old = { dispatch: () => true };
  const modern = { dispatch: () => true };
  const [v1, v2] = [Symbol.for("undici.globalDispatcher.1"), Symbol.for("undici.globalDispatcher.2")];

  test.each<[string | undefined, object, object | undefined]>([
    // Node 22 and 24: the first symbol, whatever else an application has set.
    ["6.28.0", { [v1]: old }, old],
    ["7.29.0", { [v1]: old, [v2]: modern }, old],
    // Node 26 keeps its own under the second, and a wrapper for others under the first.
    ["8.10.0", { [v1]: old, [v2]: modern }, modern],
    ["8.10.0", { [v1]: old }, old],
    ["7.29.0", { [v2]: modern }, modern],
    // Bun and Deno call themselves Node and have neither.
    ["7.0.0", {}, undefined],
    [undefined, {}, undefined],
  ])("with undici %s built in, the dispatcher of its own generation is taken", (undici, symbols, expected) => {
    const process = undici === undefined ? {} : { process: { versions: { undici } } };
    expect(builtIn({ ...symbols, ...process })).toBe(expected);
  });

  test("without Node's fetch there is nothing to lift", () => {
    const scope = globalThis as unknown as Record<symbol, unknown>;
    const keys = ["undici.globalDispatcher.1", "undici.globalDispatcher.2"].map((name) => Symbol.for(name));
    const saved = keys.map((key) => scope[key]);
    for (const key of keys) scope[key] = undefined;
    const before = isLiftable();
    keys.forEach((key, index) => (scope[key] = saved[index]));
    expect(before).toBe(false);
    expect(isLiftable()).toBe(true);
  });

  test.each([
    null,
    undefined,
    "x",
    new Error("x"),
    { cause: null },
    { cause: { code: "UND_ERR_INVALID_ARG", message: "invalid body" } },
  ])("%j is no refusal of a dispatcher", (error) => expect(isRefusal(error)).toBe(false));
});

describe("what the transport tells", () => {
  test("a request that is sent and not answered may have been executed", async () => {
    server = await serveRaw(() => {});
    const call = resilient(fetch, { ...quick, timeouts: { attempt: 100 } });
    const error = await call(server.url, { method: "POST", body: "{}" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "ambiguous_outcome",
      copies: 1,
      progress: "sent",
      cause: { timer: "attempt", requestMayHaveExecuted: true, stopReason: "unsafe_replay" },
    });
  });

  test("a request that waits in the line of a busy pool was not sent, and is safe to repeat", async () => {
    setGlobalDispatcher(new Agent({ connections: 1, pipelining: 1 }));
    server = await serve((request, response) => {
      if (request.url === "/slow") setTimeout(() => response.end("slow"), 400);
      else response.end("fast");
    });
    const call = resilient(fetch, quick);
    const slow = call(`${server.url}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 50)); // it has to have the connection
    const error = await resilient(fetch, { ...quick, timeouts: { attempt: 100 } })(`${server.url}/fast`, {
      method: "POST",
      body: "{}",
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ timer: "attempt", requestMayHaveExecuted: false, stopReason: "attempts" });
    expect(server.seen.map(({ url }) => url)).not.toContain("/fast");
    await (await slow).text();
  });

  test("the connect timer of the policy rings before the 10 s of the transport", async () => {
    server = await serve(() => {});
    // A connector that never calls back is what a host looks like that drops every SYN.
    const pending = new Agent({ connect: () => undefined });
    const error = await resilient(fetch, { ...quick, timeouts: { connect: 80 } })(server.url, {
      method: "POST",
      body: "{}",
      dispatcher: pending,
    } as never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      timer: "connect",
      limitMs: 80,
      requestMayHaveExecuted: false,
      stopReason: "attempts",
    });
    await pending.destroy();
  });
});

import { getEventListeners } from "node:events";
import { attemptsOf } from "@failwell/core";
import { fetch as undiciFetch, FormData as UndiciFormData } from "undici";
import { describe, expect, test } from "vitest";
import type { FetchPolicy } from "./policy.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { failure, recovering, until } from "@failwell/lab";

const { start } = useServers();

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

  // Real time: the answer must have begun when it rings, on a busy machine too.
  test.each([
    ["AbortSignal.timeout", () => AbortSignal.timeout(300)],
    [
      "an error that looks like one of the network",
      () => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(new Error("socket hang up elsewhere")), 300);
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

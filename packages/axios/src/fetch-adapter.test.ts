import { attemptsOf, failureOf } from "@failwell/core";
import { failure, recovering } from "@failwell/lab";
import axios, { type AxiosError } from "axios";
import { afterEach, describe, expect, test } from "vitest";
import { Announcing, type Head } from "./heads.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

type Fetch = (input: unknown, init?: RequestInit & { dispatcher?: object; policy?: object }) => Promise<Response>;

describe("the limits of Node's fetch", () => {
  test("are lifted, and a dispatcher of the caller's stays in force", async () => {
    const server = await start((_request, response) => response.end("ok"));
    const asked: object[] = [];
    const builtIn = Object.getOwnPropertyDescriptor(globalThis, Symbol.for("undici.globalDispatcher.1"))!.value as {
      dispatch(options: object, handler: object): boolean;
    };
    const dispatcher = {
      dispatch(options: object, handler: object): boolean {
        asked.push(options);
        return builtIn.dispatch(options, handler);
      },
    };
    const api = resilient(axios.create({ adapter: "fetch", fetchOptions: { dispatcher, cache: "no-store" } }), quick);
    expect((await api.get(server.url)).data).toBe("ok");
    expect(asked).toMatchObject([{ headersTimeout: 0, bodyTimeout: 0 }]);
  });

  test("stay when a fetch of another copy of undici refuses the dispatcher: that costs nothing", async () => {
    const server = await start(recovering(2));
    const refusing: Fetch = (input, init) => {
      if (init?.dispatcher === undefined) return real(input as Request, init);
      const cause = Object.assign(new Error("invalid onRequestStart method"), { code: "UND_ERR_INVALID_ARG" });
      return Promise.reject(new TypeError("fetch failed", { cause }));
    };
    globalThis.fetch = refusing;
    const response = await resilient(axios.create({ adapter: "fetch" }), quick).get(server.url);
    expect(response.data).toBe(2);
    expect(attemptsOf(response)).toHaveLength(2);
  });

  test("of a fetch in env are not ours to lift: a policy beyond them warns once", async () => {
    const server = await start((_request, response) => response.end());
    const warnings: string[] = [];
    const seen: unknown[] = [];
    const own: Fetch = (input, init) => {
      seen.push(init?.dispatcher);
      return real(input as Request);
    };
    const onWarning = (warning: string): void => void warnings.push(warning);
    const api = resilient(axios.create({ adapter: "fetch", env: { fetch: own } }), {
      profile: "longRunning",
      onWarning,
    });
    await api.get(server.url);
    await api.get(server.url, { timeout: 400_000 });
    await api.get(server.url, { timeout: 4000 });
    expect(warnings).toEqual([
      "timeouts.attempt is 900000 ms, but the fetch in env may give up after 300000 ms: leave it out, or lift its limit",
    ]);
    expect(seen).toEqual([undefined, undefined, undefined]);
  });
});

test("a fetch below is told that one attempt is made inside, so that a resilient one does not retry too", async () => {
  const server = await start((_request, response) => response.end());
  const seen: unknown[] = [];
  const own: Fetch = (input, init) => {
    seen.push(init?.policy);
    return real(input as Request);
  };
  const env = { fetch: own as never };
  await resilient(axios.create({ adapter: "fetch", env }), quick).get(server.url);
  await resilient(axios.create({ adapter: "fetch", env }), { profile: "none" }).get(server.url);
  expect(seen).toEqual([{ retry: { maxAttempts: 1 } }, undefined]);
});

test("a fetch of one's own is retried by what it does", async () => {
  let calls = 0;
  const own: Fetch = async () => {
    calls++;
    if (calls === 1)
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
    return new Response(calls === 2 ? "busy" : "fine", { status: calls === 2 ? 503 : 200 });
  };
  const api = resilient(axios.create({ adapter: "fetch", env: { fetch: own } }), quick);
  const response = await api.get("http://a.test/");
  expect(response.data).toBe("fine");
  expect(attemptsOf(response)).toMatchObject([{ kind: "network" }, { kind: "unavailable" }, { kind: null }]);
});

test("a POST that nobody took is known as such, one that was sent is not sent again", async () => {
  const server = await start((_request, response) => response.destroy());
  const api = resilient(axios.create({ adapter: "fetch" }), quick);
  const error = await failure<AxiosError>(api.post(server.url, {}));
  expect(failureOf(error)).toMatchObject({ stopReason: "unsafe_replay" });
  expect(server.seen).toHaveLength(1);
});

describe("headers", () => {
  /** Plays an answer to a handler, as undici does. */
  function play(handler: object): { heads: Head[]; aborted: unknown[] } {
    const heads: Head[] = [];
    const aborted: unknown[] = [];
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    const inner = {
      dispatch(_options: object, given: Record<string, ((...values: unknown[]) => void) | undefined>): boolean {
        given["onConnect"]?.((reason: unknown) => void aborted.push(reason));
        given["onHeaders"]?.(503, ["Retry-After", "1", "A", "1", "a", "2"].map(bytes), () => {}, "");
        const controller = { abort: (reason: unknown) => void aborted.push(reason) };
        given["onResponseStart"]?.(controller, 503, { "retry-after": "1" }, "");
        return true;
      },
    };
    const progress = { connecting() {}, connected() {}, answered() {}, received() {} };
    new Announcing((head) => heads.push(head), progress, inner).dispatch({}, handler);
    return { heads, aborted };
  }

  test("are told by every generation of undici, and each request can be ended", () => {
    const old = play({ onConnect() {}, onHeaders() {} });
    expect(old.heads).toMatchObject([{ status: 503, headers: { "retry-after": "1", a: "1, 2" } }]);
    const young = play({ onResponseStart() {} });
    expect(young.heads).toMatchObject([{ status: 503, headers: { "retry-after": "1" } }]);
    for (const { heads, aborted } of [old, young]) {
      heads[0]!.stop();
      expect(aborted).toHaveLength(1);
    }
    play({ onHeaders() {} }).heads[0]!.stop();
  });
});

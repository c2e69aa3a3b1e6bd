import { AmbiguousOutcomeError, attemptsOf, createBreaker, failureOf, type Verdict } from "@failwell/core";
import { failure, refused } from "@failwell/lab";
import axios, { AxiosError, type AxiosResponse } from "axios";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";

const { start, startRaw } = useServers();
type Carried = AxiosError & { verdict: Verdict };

/** The chain of causes, which must have an end. */
function chain(error: unknown): string[] {
  const names: string[] = [];
  for (let link = error as Error & { code?: string }; link instanceof Error; link = link.cause as never) {
    names.push(link.code ?? link.name);
    if (names.length > 10) throw new Error("a ring");
  }
  return names;
}

describe.each(adapters)("with the %s adapter", (adapter) => {
  const api = () => resilient(axios.create({ adapter }), quick);

  test("an HTTP error stays axios' own, with its body parsed, and carries verdict and attempts", async () => {
    const server = await start((_request, response) =>
      response.writeHead(503, { "content-type": "application/json" }).end('{"error":{"code":"odd"}}'),
    );
    const error = await failure<Carried>(api().get(server.url));
    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({
      name: "AxiosError",
      code: "ERR_BAD_RESPONSE",
      status: 503,
      message: "Request failed with status code 503",
    });
    expect(error.response!.data).toEqual({ error: { code: "odd" } });
    expect(error.verdict).toMatchObject({ kind: "unavailable", status: 503 });
    expect(attemptsOf(error)).toHaveLength(3);
    expect(failureOf(error)).toMatchObject({ stopReason: "attempts" });
    expect(Object.keys(error)).not.toContain("verdict");
  });

  test("an error that validateStatus lets through is retried, and comes out as the response that it is", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    const response = await api().get(server.url, { validateStatus: null });
    expect(response.status).toBe(503);
    expect(attemptsOf(response)).toMatchObject([{ status: 503 }, { status: 503 }, { status: 503, stop: "attempts" }]);
  });

  test("what validateStatus refuses though it is no error has attempts and no verdict", async () => {
    const server = await start((_request, response, number) => response.writeHead(number === 1 ? 503 : 304).end());
    const error = await failure<Carried>(api().get(server.url));
    expect(error).toMatchObject({ code: "ERR_BAD_RESPONSE", status: 304 });
    expect(attemptsOf(error)).toMatchObject([{ status: 503 }, { status: 304, stop: "settled" }]);
    expect(error.verdict).toBeUndefined();
  });

  test("a network failure keeps its own code and cause", async () => {
    const error = await failure<Carried>(api().get(await refused()));
    expect(error.code).toBe(adapter === "http" ? "ECONNREFUSED" : "ERR_NETWORK");
    expect(chain(error)).toContain("ECONNREFUSED");
    expect(error.verdict).toMatchObject({ kind: "network", phase: "unsent" });
    expect(attemptsOf(error)).toHaveLength(3);
  });

  test("a POST whose outcome nobody knows is sent once; its error keeps its code, and the cause says so", async () => {
    const server = await startRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const error = await failure<Carried>(api().post(`${server.url}/jobs`, { a: 1 }));
    expect(server.opened).toBe(1);
    expect(error).toBeInstanceOf(AxiosError);
    expect(error.code).toBe(adapter === "http" ? "ECONNRESET" : "ERR_NETWORK");
    expect(error.cause).toBeInstanceOf(AmbiguousOutcomeError);
    expect(error.cause).toMatchObject({ call: `POST ${server.url}/jobs`, copies: 1, progress: "sent" });
    expect(chain(error).slice(0, 4)).toEqual([error.code, "ambiguous_outcome", "network", "ECONNRESET"]);
    expect(failureOf(error)).toMatchObject({ stopReason: "unsafe_replay", verdict: { phase: "unanswered" } });
    expect(JSON.stringify(error)).toContain(error.code);
    expect(structuredClone(JSON.parse(JSON.stringify(error)))).toMatchObject({ code: error.code });
  });

  test("a POST that was not answered in time is told as axios tells it, and the cause says what is not known", async () => {
    const server = await start(() => {});
    const error = await failure<Carried>(api().post(server.url, {}, { timeout: 40 }));
    expect(error.message).toBe("timeout of 40ms exceeded");
    expect(chain(error).slice(1)).toEqual(["ambiguous_outcome", "timeout"]);
  });

  test("a POST whose answer broke off had begun to be answered", async () => {
    const server = await start((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("begin");
      setTimeout(() => response.destroy(), 10);
    });
    const error = await failure<Carried>(api().post(server.url, {}));
    expect(error.verdict).toMatchObject({ kind: "network", phase: "unanswered" });
    expect(error.cause).toBeInstanceOf(AmbiguousOutcomeError);
    expect(error.code).toBe(adapter === "http" ? "ERR_BAD_RESPONSE" : undefined);
  });

  test("an answer that is too large will be so again: it costs one request", async () => {
    const server = await start((_request, response) => response.end("x".repeat(1000)));
    const error = await failure<Carried>(api().get(server.url, { maxContentLength: 10 }));
    expect(error).toMatchObject({ code: "ERR_BAD_RESPONSE", message: "maxContentLength size of 10 exceeded" });
    expect(error.verdict).toMatchObject({ retryable: false, evidence: "maxContentLength" });
    expect(server.seen).toHaveLength(1);
  });

  test("what was never sent is told by the policy itself", async () => {
    const breaker = createBreaker({ failures: 1 } as never);
    const server = await start((_request, response) => response.writeHead(500).end());
    const guarded = resilient(axios.create({ adapter }), { ...quick, breaker });
    for (let call = 0; call < 20; call++) await failure(guarded.get(server.url));
    const error = await failure(guarded.get(server.url));
    expect(error).toMatchObject({ name: "FailwellError", code: "circuit_open" });
  });
});

test("the same failure has the same verdict with every adapter, whatever its code", async () => {
  const cut = await start((_request, response) => {
    response.writeHead(200, { "content-length": "100" }).write("begin");
    setTimeout(() => response.destroy(), 10);
  });
  const silent = await start(() => {});
  const reset = await startRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const closed = await startRaw((socket) => socket.once("data", () => socket.end()));
  const cases: [string, number][] = [
    [await refused(), 0],
    [cut.url, 0],
    [reset.url, 0],
    [closed.url, 0],
    [silent.url, 40],
  ];
  for (const [url, timeout] of cases) {
    const verdicts = [];
    for (const adapter of adapters) {
      for (const profile of ["standard", "none"] as const) {
        const retry = { maxAttempts: 1 };
        const { verdict } = failureOf(
          await failure(resilient(axios.create({ adapter, timeout }), { profile, retry }).get(url)),
        )!;
        const { kind, fault, retryable, phase } = verdict;
        verdicts.push({ kind, fault, retryable, phase });
      }
    }
    expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
  }
});

test("what a look-up finds is the answer of the call", async () => {
  const server = await start((request, response) =>
    request.method === "POST" ? response.destroy() : response.end('{"done":true}'),
  );
  const api = resilient(axios.create(), {
    ...quick,
    reconcile: ({ url, signal }) => axios.get<unknown, AxiosResponse>(url, { signal }),
  });
  const response = await api.post(server.url, { a: 1 });
  expect(response.data).toEqual({ done: true });
  expect(attemptsOf(response)).toHaveLength(1);
});

test("what is no error of axios passes as it is", async () => {
  for (const thrown of [new RangeError("mine"), "a word", undefined]) {
    const adapter = (): Promise<never> => Promise.reject(thrown);
    expect(await failure(resilient(axios.create({ adapter }), quick).get("http://a.test"))).toBe(thrown);
  }
  const policy = {
    ...quick,
    idempotencyKey: () => {
      throw new RangeError("no key");
    },
  };
  expect(await failure(resilient(axios.create(), policy).post("http://a.test"))).toMatchObject({ message: "no key" });
});

test("an error that cannot be changed is thrown as it is", async () => {
  const thrown = Object.freeze(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
  const adapter = (): Promise<never> => Promise.reject(thrown);
  const api = resilient(axios.create({ adapter }), quick);
  expect(await failure(api.post("http://a.test", "x"))).toBe(thrown);
  expect(attemptsOf(thrown)).toEqual([]);
  expect(await failure(api.get("http://a.test"))).toBe(thrown);
});

test("an error that is thrown by call after call has one cause of ours, and its own at the end", async () => {
  const thrown = Object.assign(new Error("socket hang up"), { code: "ECONNRESET", cause: new Error("its own") });
  const adapter = (): Promise<never> => Promise.reject(thrown);
  const api = resilient(axios.create({ adapter }), quick);
  for (let call = 0; call < 3; call++) {
    expect(await failure(api.post("http://a.test", "x"))).toBe(thrown);
    expect(chain(thrown)).toEqual(["ECONNRESET", "ambiguous_outcome", "network", "Error"]);
    expect(failureOf(thrown)).toMatchObject({ verdict: { phase: "unanswered" }, stopReason: "unsafe_replay" });
    expect(attemptsOf(thrown)).toHaveLength(1);
  }
});

test("a plain network error of another client inside is thrown as it is, and a resilient one keeps its history", async () => {
  const adapter = (): Promise<never> =>
    Promise.reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
  const error = await failure(resilient(axios.create({ adapter }), quick).get("http://a.test"));
  expect(error).toMatchObject({ message: "socket hang up", code: "ECONNRESET" });
  expect(attemptsOf(error)).toHaveLength(3);
});

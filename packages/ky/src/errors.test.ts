import { createBreaker } from "@failwell/core";
import { failure, refused } from "@failwell/lab";
import ky, * as host from "ky";
import { HTTPError, isHTTPError, isTimeoutError, type KyInstance, TimeoutError } from "ky";
import { describe, expect, test } from "vitest";
import {
  AmbiguousOutcomeError,
  attemptsOf,
  FailwellError,
  type Failure,
  failureOf,
  type KyPolicy,
  resilient,
  verdictOf,
} from "./index.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { hook, isKy2 } from "./testing/hooks.fixture.ts";

const { start } = useServers();

type Failed = Error & Failure & Pick<HTTPError, "data" | "response" | "request" | "options">;

const api: KyInstance = resilient(ky, quick);
const json = { "content-type": "application/json" };

/** The error and what is behind it, outermost first. */
function chain(error: unknown): Error[] {
  const links: Error[] = [];
  for (let link = error; link instanceof Error; link = link.cause) {
    expect(links).not.toContain(link);
    links.push(link);
  }
  return links;
}

/** What ky makes of a failure of the network. */
function expectNetworkError(error: Error): void {
  const NetworkError = Reflect.get(host, "NetworkError") as typeof host.NetworkError | undefined;
  if (NetworkError === undefined) return expect(error).toBeInstanceOf(TypeError);
  expect(error).toBeInstanceOf(NetworkError);
  expect(host.isNetworkError(error)).toBe(true);
}

describe("an HTTPError", () => {
  const down = (): ReturnType<typeof start> =>
    start((_request, response, number) => response.writeHead(503, json).end(`{"number":${number}}`));

  test("is ky's own, of the last answer, with the verdict and all attempts", async () => {
    const { url } = await down();
    const error = await failure<Failed>(api(url));
    expect(error).toBeInstanceOf(HTTPError);
    expect(isHTTPError(error)).toBe(true);
    expect(error.message).toBe(`Request failed with status code 503 Service Unavailable: GET ${url}/`);
    expect(error.request.url).toBe(`${url}/`);
    expect(error.verdict).toMatchObject({ kind: "unavailable", status: 503, retryable: true, phase: "answered" });
    expect(error.attempts).toMatchObject([{ number: 1, waitMs: 1 }, { number: 2 }, { number: 3, stop: "attempts" }]);
    expect(attemptsOf(error)).toBe(error.attempts);
    expect(failureOf(error)).toMatchObject({ stopReason: "attempts", verdict: error.verdict });
  });

  test("has its data, where ky has it, and a response that can be read", async () => {
    const error = await failure<Failed>(api((await down()).url).json());
    expect(error.data).toEqual(isKy2 ? { number: 3 } : undefined);
    expect(error.response.bodyUsed).toBe(false);
    expect(await error.response.clone().json()).toEqual({ number: 3 });
    expect(await error.response.json()).toEqual({ number: 3 });
    expect(attemptsOf(error.response)).toHaveLength(3);
  });

  test("keeps what a response says of itself", async () => {
    const { url } = await down();
    const { response } = await failure<Failed>(api(`${url}/a?b=c`));
    expect([response.url, response.redirected, response.type, response.statusText]).toEqual([
      `${url}/a?b=c`,
      false,
      "basic",
      "Service Unavailable",
    ]);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await verdictOf(response)).toMatchObject({ kind: "unavailable" });
  });

  test("of a money problem says so, after one request", async () => {
    const body = '{"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"You exceeded"}}';
    const server = await start((_request, response) => response.writeHead(429, json).end(body));
    const error = await failure<Failed>(api.post(server.url, { json: {} }).json());
    expect(error.verdict).toMatchObject({ kind: "quota_exhausted", retryable: false });
    expect(await error.response.text()).toBe(body);
    expect(server.seen).toHaveLength(1);
  });

  test("with a body that is too large to be looked into as a whole is what ky makes of it", async () => {
    const body = "x".repeat(200_000);
    const server = await start((_request, response) => response.writeHead(400).end(body));
    const error = await failure<Failed>(api(server.url));
    if (isKy2) expect(error.data).toBe(body);
    else expect(await error.response.text()).toBe(body);
    expect(error.verdict.kind).toBe("bad_request");
  });

  test("of an answer that a hook made carries no verdict", async () => {
    const made = api.extend(hook("beforeRequest", () => new Response("no", { status: 418 })));
    const error = await failure<Failed>(made("http://127.0.0.1:2"));
    expect(error).toBeInstanceOf(HTTPError);
    expect([error.verdict, failureOf(error), attemptsOf(error)]).toEqual([undefined, null, []]);
  });

  test("is not thrown where nobody wants it: the response tells", async () => {
    const response = await api((await down()).url, { throwHttpErrors: false });
    expect(await verdictOf(response)).toMatchObject({ kind: "unavailable" });
    expect(await response.json()).toEqual({ number: 3 });
    expect(attemptsOf(response)).toHaveLength(3);
  });

  test("can be put into JSON", async () => {
    const error = await failure<Failed>(api((await down()).url, { json: undefined }));
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name: "HTTPError" });
    expect(Object.keys(error)).not.toContain("verdict");
    expect(JSON.parse(JSON.stringify(failureOf(error)))).toMatchObject({ stopReason: "attempts" });
  });
});

describe("a failure of the network", () => {
  test("is ky's own, with the verdict, the attempts and what was thrown", async () => {
    const error = await failure<Failed>(api(await refused()));
    expectNetworkError(error);
    expect(error.verdict).toMatchObject({ kind: "network", phase: "unsent" });
    expect(error.attempts).toHaveLength(3);
    expect(failureOf(error)!.stopReason).toBe("attempts");
    expect(chain(error).at(-1)).toMatchObject({ code: "ECONNREFUSED" });
    expect(JSON.parse(JSON.stringify(error))).toBeTypeOf("object");
  });

  test("of a POST that went out hides an ambiguous outcome, which is found in the causes", async () => {
    const server = await start((_request, response) => response.destroy());
    const error = await failure<Failed>(api.post(server.url, { json: { pay: 1 } }).json());
    expectNetworkError(error);
    expect(error.verdict).toMatchObject({ kind: "network", phase: "unanswered" });
    const ambiguous = chain(error).find((link) => FailwellError.is(link, "ambiguous_outcome"));
    expect(ambiguous).toBeInstanceOf(AmbiguousOutcomeError);
    expect(ambiguous).toMatchObject({ call: `POST ${server.url}/`, copies: 1, progress: "sent", idempotencyKey: null });
    expect(JSON.parse(JSON.stringify(ambiguous))).toMatchObject({ code: "ambiguous_outcome", copies: 1 });
    expect(server.seen).toHaveLength(1);
  });

  test("in the body of a response is told to its reader as fetch tells it", async () => {
    const server = await start((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("begin", () => response.destroy());
    });
    const error = await failure<Failed>((await api(server.url)).text());
    expect([error.name, error.message]).toEqual(["TypeError", "terminated"]);
    expect(failureOf(error)).toMatchObject({ verdict: { kind: "network" }, stopReason: "fatal" });
    const posted = await failure<Failed>((await api.post(server.url)).text());
    expect([posted.name, posted.message]).toEqual(["TypeError", "terminated"]);
    expect(failureOf(posted)).toMatchObject({ verdict: { kind: "network", phase: "unanswered" }, stopReason: "fatal" });
  });

  test("of a fetch of one's own is what that fetch threw", async () => {
    const own = Object.assign(new Error("own"), { code: "ECONNRESET" });
    const error = await failure<Failed>(api("http://a.test", { fetch: () => Promise.reject(own) }));
    expect(error).toBe(own);
    expect(error.attempts).toHaveLength(3);
    const frozen = Object.freeze(new Error("socket hang up"));
    expect(await failure(api("http://a.test", { fetch: () => Promise.reject(frozen) }))).toBe(frozen);
  });

  test("that no rule knows is not retried, and not changed", async () => {
    let calls = 0;
    const own = new Error("a bug");
    const fetch = (): Promise<Response> => (calls++, Promise.reject(own));
    const error = await failure<Failed>(api("http://a.test", { fetch }));
    expect(error).toBe(own);
    expect([calls, "verdict" in error]).toEqual([1, false]);
  });
});

describe("a timer", () => {
  test("that rings is ky's TimeoutError, with ours behind it", async () => {
    const server = await start(() => {});
    const error = await failure<Failed>(resilient(ky, { ...quick, timeouts: { attempt: 30 } })(server.url));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(isTimeoutError(error)).toBe(true);
    expect(error.message).toBe(`Request timed out: GET ${server.url}/`);
    expect(error.cause).toMatchObject({ code: "timeout", timer: "attempt", layer: "library", limitMs: 30 });
    expect(error.verdict).toMatchObject({ kind: "timeout" });
    expect(error.attempts).toHaveLength(3);
    expect(JSON.parse(JSON.stringify(error.cause))).toMatchObject({ timer: "attempt", attempts: [{}, {}, {}] });
    expect(chain(error)).toHaveLength(2);
  });

  test("over a POST hides an ambiguous outcome, which is its cause", async () => {
    const server = await start(() => {});
    const policy: KyPolicy = { ...quick, timeouts: { attempt: 30 } };
    const error = await failure<Failed>(resilient(ky, policy).post(server.url));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.cause).toBeInstanceOf(AmbiguousOutcomeError);
    expect(chain(error)).toHaveLength(3);
  });

  test("with the profile none is ky's TimeoutError, too", async () => {
    const error = await failure<Failed>(
      resilient(ky, { profile: "none" })((await start(() => {})).url, { timeout: 30 }),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.verdict.kind).toBe("timeout");
  });
});

describe("what is neither stays what it is", () => {
  test("a refusal of the breaker", async () => {
    const breaker = createBreaker();
    breaker.isolate("http://127.0.0.1:2");
    const error = await failure(resilient(ky, { breaker })("http://127.0.0.1:2"));
    expect(error).toMatchObject({ code: "circuit_open", stopReason: "breaker" });
    expect(failureOf(error)!.attempts).toEqual([]);
  });

  test("an abort: the reason itself, which is changed in nothing", async () => {
    const server = await start(() => {});
    const reason = new Error("enough");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 20);
    expect(await failure(api(server.url, { signal: controller.signal }).json())).toBe(reason);
    expect(Object.getOwnPropertyNames(reason)).toEqual(["stack", "message"]);
  });

  test("text that is no JSON: a SyntaxError", async () => {
    const server = await start((_request, response) => response.end("{"));
    await expect(api(server.url).json()).rejects.toThrow(SyntaxError);
    expect(server.seen).toHaveLength(1);
  });
});

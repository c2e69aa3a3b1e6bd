import { failure, recovering } from "@failwell/lab";
import ky, { type BeforeRetryState, HTTPError, type KyInstance, type Options } from "ky";
import { describe, expect, test } from "vitest";
import { attemptsOf, type Failure, failureOf, type KyPolicy, resilient } from "./index.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { hook, isKy2 } from "./testing/hooks.fixture.ts";

const { start } = useServers();

const api = (options: Options, policy: KyPolicy = quick): KyInstance => resilient(ky.create(options), policy);

/** An instance whose hooks write down their names. */
function noting(notes: string[], ...more: Options[]): KyInstance {
  const note = (name: string) => (): void => void notes.push(name);
  const all = [
    hook("beforeRequest", note("beforeRequest")),
    hook("afterResponse", note("afterResponse")),
    hook("beforeError", (state) => {
      notes.push("beforeError");
      return state.error;
    }),
    { hooks: { init: [note("init")], beforeRetry: [note("beforeRetry")] } },
    ...more,
  ];
  return all.reduce<KyInstance>((instance, options) => instance.extend(options), resilient(ky, quick));
}

describe("how often a hook runs", () => {
  const init = isKy2 ? ["init"] : [];

  test("a call that recovers runs each of them once, and beforeRetry before each retry", async () => {
    const server = await start(recovering(3));
    const notes: string[] = [];
    await noting(notes)(server.url);
    expect(notes).toEqual([...init, "beforeRequest", "beforeRetry", "beforeRetry", "afterResponse"]);
  });

  test("a call that fails runs beforeError once, at the end", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    const notes: string[] = [];
    await failure(noting(notes)(server.url));
    expect(notes).toEqual([...init, "beforeRequest", "beforeRetry", "beforeRetry", "afterResponse", "beforeError"]);
    expect(server.seen).toHaveLength(3);
  });

  test("a call that needs no retry runs no beforeRetry", async () => {
    const server = await start(recovering(1));
    const notes: string[] = [];
    await noting(notes)(server.url);
    expect(notes).toEqual([...init, "beforeRequest", "afterResponse"]);
  });

  test("hooks of the call run after those of the instance", async () => {
    const server = await start(recovering(1));
    const notes: string[] = [];
    await noting(notes)(
      server.url,
      hook("beforeRequest", () => void notes.push("of the call")),
    );
    expect(notes).toEqual([...init, "beforeRequest", "of the call", "afterResponse"]);
  });
});

describe("a beforeRetry hook", () => {
  const before = (run: (state: BeforeRetryState) => unknown): Options => ({
    hooks: { beforeRetry: [run as () => undefined] },
  });

  test("is told of the request, the error, its verdict and how many retries there were", async () => {
    const server = await start((_request, response, number) =>
      response.writeHead(number < 3 ? 503 : 200, { "content-type": "application/json" }).end(`{"n":${number}}`),
    );
    const seen: unknown[] = [];
    await api(
      before(({ request, error, retryCount, options }) => {
        const { verdict, attempts, response, data } = error as HTTPError & Failure;
        seen.push([request.url, error instanceof HTTPError, response.status, data, retryCount]);
        seen.push([verdict.kind, attempts.length]);
        seen.push([options.context, (options as { method?: string }).method, Object.isFrozen(options)]);
      }),
    )(server.url, { context: { user: 7 } });
    expect(seen).toEqual([
      [`${server.url}/`, true, 503, { n: 1 }, 1],
      ["unavailable", 1],
      [{ user: 7 }, "GET", true],
      [`${server.url}/`, true, 503, { n: 2 }, 2],
      ["unavailable", 2],
      [{ user: 7 }, "GET", true],
    ]);
  });

  test("can read the answer that failed, which costs the next hook nothing", async () => {
    const server = await start((_request, response, number) =>
      number === 1 ? response.writeHead(503).end("why") : response.end(),
    );
    const bodies: string[] = [];
    const read = async ({ error }: BeforeRetryState): Promise<void> =>
      void bodies.push(await (error as HTTPError).response.clone().text());
    await api({ hooks: { beforeRetry: [read, read] } })(server.url);
    expect(bodies).toEqual(["why", "why"]);
  });

  test("is told of the data as parseJson makes them", async () => {
    const server = await start((_request, response, number) =>
      response.writeHead(number < 2 ? 503 : 200, { "content-type": "application/json" }).end("{}"),
    );
    const data: unknown[] = [];
    const parseJson = (text: string): unknown => ({ parsed: text });
    await api({ parseJson, ...before(({ error }) => void data.push((error as HTTPError).data)) })(server.url);
    expect(data).toEqual([{ parsed: "{}" }]);
  });

  test("is told of a lost connection in ky's own words", async () => {
    const server = await start((_request, response, number) =>
      number === 1 ? response.destroy() : response.end("ok"),
    );
    const names: string[] = [];
    await api(before(({ error }) => void names.push(error.name)))(server.url);
    expect(names).toEqual([isKy2 ? "NetworkError" : "TypeError"]);
  });

  test("is told of a silent server as ky's TimeoutError", async () => {
    const server = await start((_request, response, number) => number > 1 && response.end("ok"));
    const names: string[] = [];
    const policy = { ...quick, timeouts: { attempt: 40 } };
    await api(
      before(({ error }) => void names.push(error.name)),
      policy,
    )(server.url);
    expect(names).toEqual(["TimeoutError"]);
  });

  test("can change headers, of a request with a body too", async () => {
    const server = await start(recovering(3));
    const renew = before(({ request, retryCount }) => request.headers.set("authorization", `token ${retryCount}`));
    await api(renew)(server.url, { headers: { authorization: "token 0" } });
    await api(renew).post((await start(recovering(1))).url);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["token 0", "token 1", "token 2"]);
    const posted = await start(recovering(3));
    await api(renew).post(posted.url, { json: { a: 1 }, headers: { authorization: "token 0" } });
    expect(posted.seen.map(({ headers, body }) => [headers.authorization, body.toString()])).toEqual([
      ["token 0", '{"a":1}'],
      ["token 1", '{"a":1}'],
      ["token 2", '{"a":1}'],
    ]);
  });

  test("can change headers of a stream that is kept", async () => {
    const server = await start(recovering(3));
    const renew = before(({ request, retryCount }) => request.headers.set("x-retry", String(retryCount)));
    await api(renew, { ...quick, bufferBody: 100 }).put(server.url, { body: new Blob(["kept"]).stream() });
    expect(server.seen.map(({ headers, body }) => [headers["x-retry"], body.toString()])).toEqual([
      [undefined, "kept"],
      ["1", "kept"],
      ["2", "kept"],
    ]);
  });

  test("changes nothing of what fetch is told beside the request", async () => {
    const told: unknown[] = [];
    const fetch: typeof globalThis.fetch = (_request, init) => {
      told.push((init as { readonly next?: unknown }).next);
      return Promise.resolve(new Response(null, { status: told.length < 3 ? 503 : 200 }));
    };
    const options = { fetch, next: "to", ...before(() => undefined) };
    await api({}).post("http://a.test", { ...options, json: {} });
    expect(told).toEqual(["to", "to", "to"]);
  });

  test("can put another Request in its place, which hooks behind it do not see", async () => {
    const server = await start(recovering(2));
    let ran = 0;
    await api({
      hooks: {
        beforeRetry: [() => new Request(`${server.url}/other`, { method: "PUT", body: "else" }), () => void ran++],
      },
    })(server.url);
    expect(server.seen.map(({ method, url, body }) => [method, url, body.toString()])).toEqual([
      ["GET", "/", ""],
      ["PUT", "/other", "else"],
    ]);
    expect(ran).toBe(0);
  });

  test("can answer in the server's place", async () => {
    const server = await start(recovering(9));
    const response = await api(before(() => new Response("cached")))(server.url);
    expect(await response.text()).toBe("cached");
    expect(server.seen).toHaveLength(1);
    expect(attemptsOf(response)).toMatchObject([{ status: 503, stop: "settled" }]);
  });

  test("can stop the call, which comes to nothing, by a shortcut too", async () => {
    const server = await start(recovering(9));
    const stopping = api(before(() => ky.stop));
    expect(await stopping(server.url)).toBeUndefined();
    expect(await stopping(server.url).json()).toBeUndefined();
    expect(server.seen).toHaveLength(2);
  });

  test("that throws ends the call with what it threw, of which no beforeError is told", async () => {
    const server = await start(recovering(9));
    let told = 0;
    const broken = new Error("no token");
    const throwing = api(
      before(() => {
        throw broken;
      }),
    ).extend(hook("beforeError", ({ error }) => (told++, error)));
    expect(await failure(throwing(server.url))).toBe(broken);
    expect(await failure(throwing(server.url).json())).toBe(broken);
    expect(told).toBe(0);
    expect(server.seen).toHaveLength(2);
  });

  test("that throws what it was told of ends the call with the real error", async () => {
    const server = await start(recovering(9));
    const error = await failure<HTTPError>(
      api(
        before((state) => {
          throw state.error;
        }),
      )(server.url),
    );
    expect(error).toBeInstanceOf(HTTPError);
    expect(error).toMatchObject({ verdict: { kind: "unavailable" }, attempts: [{ status: 503 }] });
    expect(await error.response.text()).toBe("1");
  });

  test("that throws no Error is passed on", async () => {
    const server = await start(recovering(9));
    const reason = Symbol("mine");
    expect(
      await failure(
        api(
          before(() => {
            throw reason;
          }),
        )(server.url),
      ),
    ).toBe(reason);
  });
});

describe("other hooks", () => {
  test("ky.retry() in afterResponse makes one more call, as often as the limit says", async () => {
    const server = await start((_request, response, number) => response.end(number < 3 ? "busy" : "ready"));
    const again = hook("afterResponse", async ({ response }) =>
      (await response.text()) === "busy" ? ky.retry({ delay: 1 }) : undefined,
    );
    expect(await api(again)(server.url).text()).toBe("ready");
    expect(server.seen).toHaveLength(3);
    const busy = await start((_request, response) => response.end("busy"));
    await failure(api({ ...again, retry: 1 }, { retry: {} })(busy.url).text());
    expect(busy.seen).toHaveLength(2);
  });

  test("ky.retry() with a Request sends that one, resilient too", async () => {
    const server = await start((request, response, number) =>
      response.writeHead(number === 2 ? 503 : 200).end(request.headers["x-token"] ?? "none"),
    );
    const again = hook("afterResponse", async ({ request, response }) =>
      (await response.text()) === "none"
        ? ky.retry({ delay: 1, request: new Request(request, { headers: { "x-token": "new" } }) })
        : undefined,
    );
    expect(await api(again)(server.url).text()).toBe("new");
    expect(server.seen.map(({ headers }) => headers["x-token"])).toEqual([undefined, "new", "new"]);
  });

  test("a token is renewed when the server refuses the old one, and the body goes out again", async () => {
    const server = await start((request, response) =>
      response.writeHead(request.headers.authorization === "new" ? 200 : 401).end("in"),
    );
    const renewing = api({
      retry: { methods: ["get", "post"], statusCodes: [401] },
      headers: { authorization: "old" },
      hooks: {
        beforeRetry: [({ request }) => request.headers.set("authorization", "new")],
      },
    });
    expect(await renewing.post(server.url, { json: { a: 1 } }).text()).toBe("in");
    expect(server.seen.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}']);
  });

  test("afterResponse and beforeError see the attempts and the verdict", async () => {
    const server = await start((_request, response) => response.writeHead(503).end("down"));
    const seen: unknown[] = [];
    const watching = api(hook("afterResponse", ({ response }) => void seen.push(attemptsOf(response).length))).extend(
      hook("beforeError", ({ error }) => {
        seen.push(failureOf(error)!.verdict.kind, failureOf(error)!.stopReason);
        return error;
      }),
    );
    await failure(watching(server.url));
    expect(seen).toEqual([3, "unavailable", "attempts"]);
  });

  test("afterResponse that answers leaves the attempts on its answer", async () => {
    const server = await start(recovering(2));
    const response = await api(hook("afterResponse", () => new Response("other")))(server.url);
    expect([await response.text(), attemptsOf(response).length]).toEqual(["other", 2]);
  });

  test("beforeRequest that answers sends nothing", async () => {
    const server = await start(recovering(1));
    const response = await api(hook("beforeRequest", () => new Response("cached")))(server.url);
    expect([await response.text(), attemptsOf(response), server.seen]).toEqual(["cached", [], []]);
  });

  test("a Request of beforeRequest is what is retried", async () => {
    const server = await start(recovering(3));
    const replace = hook(
      "beforeRequest",
      ({ request }) => new Request(`${request.url}b`, { method: "PUT", body: "b" }),
    );
    await api(replace)(`${server.url}/a`);
    expect(server.seen.map(({ url, body }) => url + body.toString())).toEqual(["/abb", "/abb", "/abb"]);
  });
});

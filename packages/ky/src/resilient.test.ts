import { constant, createBaseResolver, retry } from "@failwell/core";
import { resilient as resilientFetch } from "@failwell/fetch";
import { failure, recovering } from "@failwell/lab";
import ky, { type KyInstance } from "ky";
import { describe, expect, test } from "vitest";
import { attemptsOf, createResilient, type FailwellEvent, type KyPolicy, resilient } from "./index.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { isKy2 } from "./testing/hooks.fixture.ts";

const { start } = useServers();

describe("what comes out is a ky", () => {
  test("with everything that a ky has", () => {
    const api = resilient(ky, quick);
    expect(Object.keys(api).toSorted()).toEqual(Object.keys(ky).toSorted());
    expect([api.stop, api.retry]).toEqual([ky.stop, ky.retry]);
  });

  test("whose every verb is resilient", async () => {
    const api = resilient(ky, quick) as KyInstance & Record<string, KyInstance["get"]>;
    for (const verb of ["get", "post", "put", "patch", "delete", "head", ...(isKy2 ? ["query"] : [])]) {
      const server = await start(recovering(3));
      const response = await api[verb]!(server.url);
      expect([verb, attemptsOf(response).length]).toEqual([verb, 3]);
      expect(server.seen.map(({ method }) => method)).toEqual(Array.from({ length: 3 }, () => verb.toUpperCase()));
    }
  });

  test("of ky itself when nothing is passed", async () => {
    const server = await start(recovering(1));
    expect(await resilient()(server.url).text()).toBe("1");
  });

  test("whose extend and create are resilient, and keep what ky keeps", async () => {
    const server = await start((request, response, number) =>
      response.writeHead(number % 3 === 0 ? 200 : 503).end(request.headers["x-a"] ?? "none"),
    );
    const api = resilient(ky.create({ headers: { "x-a": "1" } }), quick);
    expect(
      await api
        .extend({ searchParams: { q: 1 } })(server.url)
        .text(),
    ).toBe("1");
    expect(
      await api
        .extend(() => ({}))
        .get(server.url)
        .text(),
    ).toBe("1");
    expect(await api.create()(server.url).text()).toBe("none");
    expect(server.seen).toHaveLength(9);
  });

  test("that hides nothing of an instance from who extends it", () => {
    let seen: object = {};
    resilient(ky.create({ timeout: 5000 }), quick).extend((defaults) => {
      seen = defaults;
      return {};
    });
    expect(seen).toEqual({ timeout: 5000 });
  });
});

describe("one layer of retries", () => {
  const nine = (): ReturnType<typeof start> => start(recovering(9));

  test("of an instance that is wrapped twice, with the outer policy", async () => {
    const server = await nine();
    const twice = resilient(resilient(ky, quick), { retry: { maxAttempts: 2, backoff: constant(1) } });
    await failure(twice(server.url));
    await failure(resilient(resilient(ky, quick).extend({}), quick)(server.url));
    expect(server.seen).toHaveLength(5);
  });

  test("with a resilient fetch as ky's fetch", async () => {
    const server = await nine();
    const fetch = resilientFetch(undefined, quick) as typeof globalThis.fetch;
    await failure(resilient(ky.create({ fetch }), quick)(server.url));
    expect(server.seen).toHaveLength(3);
  });

  test("with a function around a resilient fetch, which passes on what it gets", async () => {
    const server = await nine();
    const inner = resilientFetch(undefined, quick) as typeof globalThis.fetch;
    const fetch: typeof globalThis.fetch = (input, init) => inner(input, init);
    const error = await failure(resilient(ky, quick).extend({ fetch })(server.url));
    expect(attemptsOf(error)).toHaveLength(3);
    expect(server.seen).toHaveLength(3);
  });

  test("with a function around a resilient fetch, which passes on the Request alone", async () => {
    const server = await nine();
    const inner = resilientFetch(undefined, quick);
    await failure(resilient(ky, quick).extend({ fetch: (request) => inner(request) })(server.url));
    expect(server.seen).toHaveLength(3);
  });

  test("inside retry() with its signal", async () => {
    const server = await nine();
    const policy: KyPolicy = { retry: { backoff: constant(1) } };
    const api = resilient(ky, quick);
    await failure(retry(({ signal }) => api(server.url, { signal }).text(), policy));
    expect(server.seen).toHaveLength(3);
  });
});

describe("the fetch of an instance", () => {
  test("that was replaced later counts", async () => {
    const api = resilient(ky, quick);
    const original = globalThis.fetch;
    try {
      globalThis.fetch = () => Promise.resolve(new Response("replaced"));
      expect(await api("http://a.test").text()).toBe("replaced");
    } finally {
      globalThis.fetch = original;
    }
  });

  test("is called with the Request and the options that ky does not know", async () => {
    const seen: unknown[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      seen.push(input instanceof Request, Object.keys(init ?? {}).toSorted());
      return Promise.resolve(new Response());
    };
    await resilient(ky, quick)("http://a.test", { fetch, next: { revalidate: 3 } } as object);
    expect(seen).toEqual([true, ["next", "signal"]]);
  });

  test("may take the Request for all there is: the key and the body are in it", async () => {
    const server = await start((_request, response, number) => number > 2 && response.end("ok"));
    const policy: KyPolicy = { ...quick, timeouts: { attempt: 40 }, idempotencyKey: "k", bufferBody: 100 };
    const api = resilient(ky.create({ fetch: (request) => fetch(request) }), policy);
    expect(await api.post(server.url, { body: new Blob(["kept"]).stream() }).text()).toBe("ok");
    expect(server.seen.map(({ headers, body }) => [headers["idempotency-key"], body.toString()])).toEqual([
      ["k", "kept"],
      ["k", "kept"],
      ["k", "kept"],
    ]);
  });

  test("gets a stream that is too large to be kept, as it is", async () => {
    const server = await start(recovering(1));
    const through: typeof globalThis.fetch = (input, init) => fetch(input, init);
    const api = resilient(ky.create({ fetch: through }), { ...quick, bufferBody: 3 });
    await api.put(server.url, { body: new Blob(["too large"]).stream() });
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["too large"]);
  });

  test("may be another one for each call: the budget is one for all", async () => {
    const down = (): Promise<Response> => Promise.resolve(new Response(null, { status: 500 }));
    const api = resilient(ky, quick);
    let last: unknown;
    for (let call = 0; call < 200; call++) {
      last = attemptsOf(await failure(api("http://a.test", { fetch: () => down() }))).at(-1)!.stop;
    }
    expect(last).toBe("budget");
  });
});

test("a policy that is dangerous is told of once, whatever fetch sends", async () => {
  const warnings: string[] = [];
  const api = resilient(ky, { ...quick, budget: false, onWarning: (warning) => warnings.push(warning) });
  for (let call = 0; call < 3; call++) {
    await api("http://a.test", { fetch: () => Promise.resolve(new Response()), retry: { delay: () => 1 } });
  }
  expect(warnings).toEqual(["without a budget, 3 attempts multiply the load by 3 during an outage"]);
});

test("events tell what happens", async () => {
  const events: FailwellEvent[] = [];
  const server = await start(recovering(2));
  await resilient(ky, { ...quick, onEvent: (event) => events.push(event) })(`${server.url}/a?key=secret`);
  expect(events.map(({ type, call }) => [type, call])).toEqual([
    ["attemptFailed", `GET ${server.url}/a`],
    ["retryScheduled", `GET ${server.url}/a`],
    ["succeeded", `GET ${server.url}/a`],
  ]);
});

test("a resolver without dialects will do", async () => {
  const server = await start(recovering(2));
  expect(await createResilient(createBaseResolver())(ky, quick)(server.url).text()).toBe("2");
});

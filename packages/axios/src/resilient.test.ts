import { attemptsOf, constant, createBaseResolver } from "@failwell/core";
import { failure, recovering } from "@failwell/lab";
import axios, { Axios, type AxiosError } from "axios";
import { createRequire } from "node:module";
import { describe, expect, test, vi } from "vitest";
import { createResilient, failureOf, resilient } from "./index.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";

const { start } = useServers();

describe("wrapping", () => {
  test("changes the instance it is given, and gives it back", async () => {
    const server = await start(recovering(3));
    const api = axios.create();
    expect(resilient(api, quick)).toBe(api);
    const response = await api.get(server.url);
    expect(response.data).toBe(3);
    expect(attemptsOf(response)).toMatchObject([
      { number: 1, status: 503, kind: "unavailable", evidence: "status 503", waitMs: 1 },
      { number: 2, status: 503, waitMs: 1 },
      { number: 3, status: 200, kind: null, stop: "settled" },
    ]);
  });

  test("makes an instance of its own without one, and takes the class Axios too", async () => {
    const server = await start(recovering(2));
    expect((await resilient(undefined, quick).get(server.url)).data).toBe(2);
    const { headers } = axios.defaults;
    expect((await resilient(new Axios({ headers } as object), quick).get(server.url)).data).toBe("3");
    expect(resilient().defaults.timeout).toBe(0);
  });

  test("twice makes one layer, with the last policy", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    const api = resilient(resilient(axios.create(), { retry: { maxAttempts: 5, backoff: constant(1) } }), {
      retry: { maxAttempts: 2, backoff: constant(1) },
    });
    await failure(api.get(server.url));
    expect(server.seen).toHaveLength(2);
    expect(api.interceptors.request.handlers).toHaveLength(1);
  });

  test("again brings back what a clearing of the interceptors took away", async () => {
    const server = await start(recovering(2));
    const api = resilient(axios.create(), quick);
    api.interceptors.request.clear();
    resilient(api, quick);
    expect((await api.get(server.url)).data).toBe(2);
  });

  test("makes what the instance creates resilient too, with the same budget and cool-down", async () => {
    const server = await start((_request, response) => response.writeHead(429, { "retry-after": "9999" }).end());
    const parent = resilient(axios.create(), quick);
    const child = parent.create({ headers: { "X-Child": "1" } });
    await failure(child.get(server.url));
    expect(server.seen[0]!.headers["x-child"]).toBe("1");
    expect(await failure(parent.get(server.url))).toMatchObject({ name: "FailwellError", code: "cooling_down" });
    expect(await failure(child.create().get(server.url))).toMatchObject({ code: "cooling_down" });
    expect(server.seen).toHaveLength(1);
  });

  test("refuses a policy that cannot work", () => {
    expect(() => resilient(axios.create(), { retry: { maxAttempts: 0 } })).toThrow(RangeError);
  });

  test("may resolve with another resolver", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    const api = createResilient(createBaseResolver())(axios.create(), quick);
    const error = await failure<AxiosError>(api.get(server.url));
    expect(failureOf(error)).toMatchObject({ verdict: { kind: "unavailable" }, stopReason: "attempts" });
  });
});

describe("what runs once", () => {
  test("interceptors, transforms and serializers, and the URL is the same on every attempt", async () => {
    const server = await start(recovering(3));
    const counts = { request: 0, response: 0, transform: 0, back: 0, serialize: 0 };
    const api = resilient(axios.create({ baseURL: server.url }), quick);
    api.interceptors.request.use((config) => {
      counts.request++;
      return config;
    });
    api.interceptors.response.use((response) => {
      counts.response++;
      return response;
    });
    await api.put(
      "/v1",
      { a: 1 },
      {
        params: { t: 1 },
        paramsSerializer: { serialize: () => `n=${++counts.serialize}` },
        transformRequest: (data) => JSON.stringify({ data, n: ++counts.transform }),
        transformResponse: (data: string) => `${data}/${++counts.back}`,
      },
    );
    expect(counts).toEqual({ request: 1, response: 1, transform: 1, back: 1, serialize: 1 });
    expect(server.seen.map(({ url }) => url)).toEqual(["/v1?n=1", "/v1?n=1", "/v1?n=1"]);
    expect(new Set(server.seen.map(({ body }) => body.toString())).size).toBe(1);
    expect(new Set(server.seen.map(({ headers }) => JSON.stringify(headers))).size).toBe(1);
  });

  test("a function as serializer, too", async () => {
    const server = await start(recovering(2));
    const serialize = vi.fn<() => string>(() => "own");
    await resilient(axios.create(), quick).get(server.url, { params: { a: 1 }, paramsSerializer: serialize as never });
    expect(server.seen.map(({ url }) => url)).toEqual(["/?own", "/?own"]);
    expect(serialize).toHaveBeenCalledOnce();
  });
});

describe("the config", () => {
  test.each(adapters)("that is frozen in all its depth works with the %s adapter", async (adapter) => {
    const server = await start(recovering(2));
    const config = Object.freeze({
      url: server.url,
      headers: Object.freeze({ "X-Own": "1" }),
      params: Object.freeze({ a: Object.freeze([1]) }),
      adapter: Object.freeze([adapter]),
    });
    const { data } = await resilient(axios.create(), quick).request(config as never);
    expect(data).toBe(2);
  });

  test.each(adapters)(
    "of the error is the request as it was sent with the %s adapter: nothing of ours is in it",
    async (adapter) => {
      const server = await start((_request, response) => response.writeHead(503).end());
      const { signal } = new AbortController();
      const api = resilient(axios.create({ adapter, timeout: 4000 }), quick);
      const first: unknown[] = [];
      api.interceptors.request.use((config) => {
        first.push(config);
        return config;
      });
      const { token } = axios.CancelToken.source();
      const error = await failure<AxiosError>(
        api.get(server.url, { signal, cancelToken: token, fetchOptions: { cache: "no-store" } }),
      );
      expect(error.config).toBe(first[0]);
      expect(error.response!.config).toBe(first[0]);
      expect(error.config).toMatchObject({ adapter, timeout: 4000, url: server.url });
      expect(error.config!.signal).toBe(signal);
      expect(error.config!.cancelToken).toBe(token);
      expect(error.config!.fetchOptions).toEqual({ cache: "no-store" });
      expect(Object.keys(error.config!)).not.toContain("httpAgent");
    },
  );

  test("of an error can be sent again, as for a new token: that is another call", async () => {
    const server = await start((request, response) =>
      response.writeHead(request.headers.authorization === "new" ? 200 : 401).end("{}"),
    );
    const api = resilient(axios.create(), quick);
    api.interceptors.response.use(null, (error: AxiosError) => {
      error.config!.headers.set("Authorization", "new");
      return api.request(error.config!);
    });
    const response = await api.get(server.url);
    expect(response.status).toBe(200);
    expect(attemptsOf(response)).toHaveLength(1);
    expect(server.seen).toHaveLength(2);
  });
});

describe("adapters", () => {
  test("are whatever was chosen, also later, also for one request", async () => {
    const api = resilient(axios.create({ adapter: "pigeon" }), quick);
    expect(await failure(api.get("http://a.test"))).toMatchObject({ message: "Unknown adapter 'pigeon'" });
    let calls = 0;
    const mock = async (config: object): Promise<never> => {
      const status = ++calls < 3 ? 503 : 200;
      const response = { status, statusText: "", headers: {}, data: { calls }, config };
      if (status === 200) return response as never;
      throw new axios.AxiosError(
        "Request failed with status code 503",
        "ERR_BAD_RESPONSE",
        config as never,
        null,
        response as never,
      );
    };
    api.defaults.adapter = mock;
    const response = await api.get("http://a.test");
    expect(response.data).toEqual({ calls: 3 });
    expect(attemptsOf(response)).toHaveLength(3);
    await api.get("http://a.test", { adapter: (config) => mock(config) });
    expect(calls).toBe(4);
  });

  test("see an attempt's own signal, so that a resilient call inside makes one attempt", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    const inner = resilient(axios.create(), quick);
    const outer = resilient(
      axios.create({ adapter: ({ url, signal }) => inner.get(url!, { signal: signal! }) }),
      quick,
    );
    await failure(outer.get(server.url));
    expect(server.seen).toHaveLength(3);
    const { token } = axios.CancelToken.source();
    const both = resilient(
      axios.create({ adapter: ({ url, signal }) => inner.get(url!, { signal: signal!, cancelToken: token }) }),
      quick,
    );
    await failure(both.get(server.url));
    expect(server.seen).toHaveLength(6);
  });

  test("that are wrapped already, by another copy of this package, are left", async () => {
    const adapter = Object.assign(
      async (config: object): Promise<never> => {
        throw new axios.AxiosError("busy", "ECONNRESET", config as never);
      },
      { [Symbol.for("@failwell/axios")]: true },
    );
    const error = await failure(resilient(axios.create({ adapter }), quick).get("http://a.test"));
    expect(attemptsOf(error)).toEqual([]);
  });
});

test("an instance of another copy of axios is retried, and its errors are known as such", async () => {
  const other = createRequire(import.meta.url)("axios") as typeof axios;
  expect(other.AxiosError).not.toBe(axios.AxiosError);
  const server = await start((_request, response, number) => response.writeHead(number < 3 ? 503 : 404).end());
  const error = await failure(resilient(other.create(), quick).get(server.url));
  expect(other.isAxiosError(error)).toBe(true);
  expect(attemptsOf(error)).toHaveLength(3);
  const { token, cancel } = other.CancelToken.source();
  cancel("enough");
  expect(other.isCancel(await failure(resilient(other.create(), quick).get(server.url, { cancelToken: token })))).toBe(
    true,
  );
});

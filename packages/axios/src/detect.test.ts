import { failure } from "@failwell/lab";
import axios, { type AxiosInstance } from "axios";
import axiosRetry from "axios-retry";
import { createRequire } from "node:module";
import { attach, detach } from "retry-axios";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const require = createRequire(import.meta.url);
const { default: axiosRetryCommon } = require("axios-retry") as { default: typeof axiosRetry };
const { attach: attachCommon } = require("retry-axios") as { attach: typeof attach };

const libraries: [string, string, (api: AxiosInstance) => unknown][] = [
  ["axios-retry", "axios-retry", (api) => axiosRetry(api)],
  ["axios-retry", "axios-retry as CommonJS", (api) => axiosRetryCommon(api)],
  ["retry-axios", "retry-axios", (api) => attach(api)],
  ["retry-axios", "retry-axios as CommonJS", (api) => attachCommon(api)],
];

const message = (library: string): string =>
  `this instance already retries with ${library}: remove it, or do not wrap the instance`;

describe.each(libraries)("%s", (library, _name, add) => {
  test(`an instance with $1 is refused, by name`, () => {
    const api = axios.create();
    add(api);
    expect(() => resilient(api)).toThrow(new TypeError(message(library)));
  });

  test("it is refused when it comes later, before anything is sent, and retries do not multiply", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    const api = resilient(axios.create(), quick);
    add(api);
    expect(await failure(api.get(server.url))).toMatchObject({ name: "TypeError", message: message(library) });
    expect(server.seen).toHaveLength(0);
  });
});

test("an instance from which the other library was taken away is accepted", async () => {
  const server = await start((_request, response) => response.end());
  const api = axios.create();
  const { requestInterceptorId, responseInterceptorId } = axiosRetry(api);
  api.interceptors.request.eject(requestInterceptorId);
  api.interceptors.response.eject(responseInterceptorId);
  detach(attach(api), api);
  expect((await resilient(api, quick).get(server.url)).status).toBe(200);
});

test("axios-retry under another text is known by what it leaves in a config", async () => {
  const server = await start((_request, response) => response.writeHead(503).end());
  const api = resilient(axios.create(), quick);
  api.interceptors.request.use((config) => Object.assign(config, { "axios-retry": { lastRequestTime: 1 } }));
  api.interceptors.response.use(null, (thrown) => Promise.reject(thrown as Error));
  expect(await failure(api.get(server.url))).toMatchObject({ message: message("axios-retry") });
  expect(server.seen).toHaveLength(0);
});

test("retry-axios under another text is known when it sends for the second time", async () => {
  const server = await start((_request, response) => response.writeHead(503).end());
  const api = resilient(axios.create(), quick);
  api.interceptors.response.use(null, (thrown: Error & { config?: object }) =>
    thrown.config === undefined
      ? Promise.reject(thrown)
      : api.request(Object.assign(thrown.config, { raxConfig: { currentRetryAttempt: 1 } })),
  );
  expect(await failure(api.get(server.url))).toMatchObject({ message: message("retry-axios") });
  expect(server.seen).toHaveLength(3);
});

test("axios-retry of the third version is known by its text", () => {
  const api = axios.create();
  const getCurrentState = (_config: object): { lastRequestTime?: number } => ({});
  api.interceptors.request.use((config) => {
    const currentState = getCurrentState(config);
    currentState.lastRequestTime = Date.now();
    return config;
  });
  expect(() => resilient(api)).toThrow(message("axios-retry"));
});

test("retry-axios of the second version is known by its text", () => {
  const api = axios.create();
  async function onError(error: { config: { raxConfig?: object } }): Promise<never> {
    error.config.raxConfig = {};
    throw error as never;
  }
  api.interceptors.response.use(null, onError);
  expect(() => resilient(api)).toThrow(message("retry-axios"));
});

describe("what is no retry library is accepted", () => {
  const validateResponse = (_response: unknown): void => {};
  const onError = (_api: unknown, error: unknown): Promise<never> => Promise.reject(error);
  const cases: [string, (api: AxiosInstance) => unknown][] = [
    [
      "an interceptor that speaks of one",
      (api) =>
        api.interceptors.request.use((config) => {
          // once this was axios-retry, with its raxConfig and onError(api, error)
          config.headers.set("X-Was", "axios-retry raxConfig validateResponse lastRequestTime");
          return config;
        }),
    ],
    [
      "one that validates responses itself",
      (api) =>
        api.interceptors.response.use(
          (response) => {
            validateResponse(response);
            return response;
          },
          (error: { response?: unknown }) => {
            validateResponse(error.response);
            return Promise.reject(error);
          },
        ),
    ],
    [
      "one that takes every status",
      (api) =>
        api.interceptors.request.use((config) => {
          config.validateStatus = () => true;
          return config;
        }),
    ],
    [
      "one with a name like theirs",
      (api) =>
        api.interceptors.response.use(
          (response) => response,
          async (error) => onError(api, error),
        ),
    ],
    [
      "one that measures time",
      (api) => api.interceptors.request.use((config) => Object.assign(config, { startedAt: Date.now() })),
    ],
    [
      "one that spaces its requests out",
      (api) => {
        const throttle = { lastRequestTime: 0 };
        api.interceptors.request.use((config) => {
          throttle.lastRequestTime = Date.now();
          return config;
        });
      },
    ],
    [
      "settings of one that is gone",
      (api) => Object.assign(api.defaults, { raxConfig: { retry: 3 }, "axios-retry": { retries: 3 } }),
    ],
    ["a class method", (api) => api.interceptors.response.use(undefined, onError.bind(null, api) as never)],
    ["handlers that somebody took away", (api) => Object.assign(api.interceptors.response, { handlers: undefined })],
  ];
  test.each(cases)("%s", async (_name, add) => {
    const server = await start((_request, response) => response.end());
    const api = axios.create();
    add(api);
    expect((await resilient(api, quick).get(server.url)).status).toBe(200);
  });

  test("a config that went through another instance", async () => {
    const server = await start((_request, response) => response.end());
    const other = axios.create();
    axiosRetry(other);
    const { config } = await other.get(server.url);
    expect((await resilient(axios.create(), quick).request(config)).status).toBe(200);
  });
});

import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import { createRequire } from "node:module";
import { Readable } from "node:stream";

/** The package form-data, as axios brings it: what a form of fields becomes on Node. */
const NodeForm = createRequire(createRequire(import.meta.url).resolve("axios"))("form-data") as new () => {
  append(name: string, value: unknown, options?: object): void;
};

type Call = (api: AxiosInstance, url: string, adapter: string) => Promise<AxiosResponse>;

/** A request like those that people make. */
export interface Ordinary {
  readonly name: string;
  readonly call: Call;
  /** Of one adapter only. */
  readonly only?: "http" | "fetch";
}

const form = (): FormData => {
  const fields = new globalThis.FormData();
  fields.append('na"me', "a\nb");
  fields.append("file", new File(["file ä"], "a.txt", { type: "text/plain" }));
  fields.append("blob", new Blob([new Uint8Array([0, 255])]));
  return fields;
};
const nodeForm = (): object => {
  const fields = new NodeForm();
  fields.append("a", "1");
  fields.append("file", Buffer.from("bytes"), { filename: "a.bin" });
  return fields;
};
const multipart = { headers: { "Content-Type": "multipart/form-data" } };

/** What costs one request, whoever sends it. */
export const settled: readonly Ordinary[] = [
  ...(["get", "delete", "head", "options"] as const).map((method) => ({
    name: method,
    call: ((api, url) => api[method](`${url}/echo`)) as Call,
  })),
  ...(["post", "put", "patch"] as const).map((method) => ({
    name: `${method} of JSON`,
    call: ((api, url) => api[method](`${url}/echo`, { a: [1, "ä", null] })) as Call,
  })),
  { name: "a function call", call: (api, url) => api(`${url}/echo`, { method: "put", data: "text" }) },
  { name: "request()", call: (api, url) => api.request({ url: `${url}/echo`, method: "PATCH" }) },
  {
    name: "params",
    call: (api, url) => api.get(`${url}/echo?z=1#hash`, { params: { a: [1, 2], b: { c: "ä" }, d: null } }),
  },
  {
    name: "URLSearchParams as params",
    call: (api, url) => api.get(`${url}/echo`, { params: new URLSearchParams("a=1&a=2") }),
  },
  {
    name: "a serializer of params",
    call: (api, url) =>
      api.get(`${url}/echo`, {
        params: { a: 1 },
        paramsSerializer: { serialize: (params) => `own=${JSON.stringify(params)}` },
      }),
  },
  { name: "baseURL", call: (api, url) => api.get("echo", { baseURL: `${url}/under/` }) },
  {
    name: "headers",
    call: (api, url) => api.get(`${url}/echo`, { headers: { "X-Own": "1", Accept: "text/html", "User-Agent": "me" } }),
  },
  {
    name: "headers taken away",
    call: (api, url) => api.get(`${url}/echo`, { headers: { Accept: false as never, "User-Agent": null } }),
  },
  { name: "auth", call: (api, url) => api.get(`${url}/echo`, { auth: { username: "me", password: "secret ä" } }) },
  { name: "auth in the URL", call: (api, url) => api.get(`${url.replace("://", "://me:p%40ss@")}/echo`) },
  {
    name: "text",
    call: (api, url) => api.post(`${url}/echo`, "text ä", { headers: { "Content-Type": "text/plain" } }),
  },
  { name: "a Buffer", call: (api, url) => api.post(`${url}/echo`, Buffer.from([0, 255, 10])) },
  { name: "an ArrayBuffer", call: (api, url) => api.put(`${url}/echo`, new Uint8Array([1, 2, 3]).buffer) },
  { name: "a typed array", call: (api, url) => api.put(`${url}/echo`, new Uint8Array([1, 2, 3])) },
  { name: "URLSearchParams", call: (api, url) => api.post(`${url}/echo`, new URLSearchParams({ a: "ä b" })) },
  {
    name: "url-encoded fields",
    call: (api, url) =>
      api.post(`${url}/echo`, { a: { b: 1 } }, { headers: { "Content-Type": "application/x-www-form-urlencoded" } }),
  },
  { name: "a form", call: (api, url) => api.post(`${url}/echo`, form()) },
  { name: "a form that is named as one", call: (api, url) => api.put(`${url}/echo`, form(), multipart) },
  {
    name: "a form with a boundary",
    call: (api, url) =>
      api.post(`${url}/echo`, form(), { headers: { "Content-Type": "multipart/form-data; boundary=0123456789Own" } }),
  },
  {
    name: "a form as JSON",
    call: (api, url) =>
      api.post(`${url}/echo`, form(), {
        headers: { "Content-Type": "application/json" },
        transformRequest: [(data: FormData) => JSON.stringify([...data.keys()])],
      }),
  },
  { name: "a form of the package form-data", only: "http", call: (api, url) => api.post(`${url}/echo`, nodeForm()) },
  { name: "postForm", only: "http", call: (api, url) => api.postForm(`${url}/echo`, { a: 1, b: ["x", "y"] }) },
  { name: "a Blob", call: (api, url) => api.post(`${url}/echo`, new Blob(["blob"], { type: "text/css" })) },
  { name: "a stream of Node", only: "http", call: (api, url) => api.post(`${url}/echo`, Readable.from(["a", "b"])) },
  {
    name: "a stream of the platform",
    only: "fetch",
    call: (api, url) => api.post(`${url}/echo`, new Blob(["stream"]).stream()),
  },
  { name: "a body of GET and DELETE", only: "http", call: (api, url) => api.delete(`${url}/echo`, { data: { a: 1 } }) },
  { name: "a redirect", call: (api, url) => api.get(`${url}/redirect`) },
  { name: "a redirect with a body", call: (api, url) => api.post(`${url}/redirect-307`, { a: 1 }) },
  { name: "a redirect not followed", call: (api, url) => api.get(`${url}/redirect`, { maxRedirects: 0 }) },
  {
    name: "a redirect taken as an answer",
    call: (api, url) => api.get(`${url}/redirect`, { maxRedirects: 0, validateStatus: null }),
  },
  { name: "too many redirects", only: "http", call: (api, url) => api.get(`${url}/loop`, { maxRedirects: 2 }) },
  { name: "gzip", call: (api, url) => api.get(`${url}/gzip`) },
  {
    name: "gzip kept",
    only: "http",
    call: (api, url) => api.get(`${url}/gzip`, { decompress: false, responseType: "arraybuffer" }),
  },
  { name: "text with a BOM", call: (api, url) => api.get(`${url}/text`) },
  ...(["json", "text", "arraybuffer", "stream", "blob"] as const).flatMap((responseType): Ordinary[] => [
    { name: `a response as ${responseType}`, call: (api, url) => api.get(`${url}/echo`, { responseType }) },
    { name: `an error as ${responseType}`, call: (api, url) => api.get(`${url}/status/404`, { responseType }) },
    { name: `gzip as ${responseType}`, call: (api, url) => api.get(`${url}/gzip`, { responseType }) },
  ]),
  { name: "pieces and cookies", call: (api, url) => api.get(`${url}/pieces`) },
  { name: "a large answer", call: (api, url) => api.get(`${url}/large`) },
  { name: "no content", call: (api, url) => api.get(`${url}/empty`) },
  { name: "an encoding", only: "http", call: (api, url) => api.get(`${url}/bytes`, { responseEncoding: "latin1" }) },
  { name: "broken JSON, taken as text", call: (api, url) => api.get(`${url}/broken-json`) },
  {
    name: "broken JSON, refused",
    call: (api, url) =>
      api.get(`${url}/broken-json`, { responseType: "json", transitional: { silentJSONParsing: false } }),
  },
  { name: "400", call: (api, url) => api.get(`${url}/status/400`) },
  { name: "404 of a POST", call: (api, url) => api.post(`${url}/status/404`, { a: 1 }) },
  {
    name: "404 taken as an answer",
    call: (api, url) => api.get(`${url}/status/404`, { validateStatus: (status) => status < 500 }),
  },
  { name: "200 refused", call: (api, url) => api.get(`${url}/status/200`, { validateStatus: () => false }) },
  {
    name: "transforms",
    call: (api, url) =>
      api.post(
        `${url}/echo`,
        { a: 1 },
        {
          transformRequest: [
            (data: object, headers) => {
              headers.set("X-Transformed", "yes");
              return JSON.stringify({ ...data, b: 2 });
            },
          ],
          transformResponse: [
            (data: string, headers, status) => ({ status, type: String(headers["content-type"]), length: data.length }),
          ],
        },
      ),
  },
  {
    name: "a transform of an error",
    call: (api, url) => api.get(`${url}/status/400`, { transformResponse: (data: string) => data.toUpperCase() }),
  },
  {
    name: "a transform that throws",
    call: (api, url) =>
      api.get(`${url}/echo`, {
        transformResponse: () => {
          throw new RangeError("mine");
        },
      }),
  },
  {
    name: "an interceptor",
    call: (api, url) => {
      api.interceptors.request.use(
        (config) => {
          config.headers.set("X-Sync", "1");
          return config;
        },
        null,
        { synchronous: true },
      );
      return api.get(`${url}/echo`);
    },
  },
  {
    name: "an async interceptor",
    call: (api, url) => {
      api.interceptors.request.use(async (config) => ({ ...config, params: { late: 1 } }));
      return api.get(`${url}/echo`);
    },
  },
  {
    name: "an interceptor of responses",
    call: (api, url) => {
      api.interceptors.response.use((response) => ({ ...response, data: "mine" }));
      return api.get(`${url}/echo`);
    },
  },
  {
    name: "an interceptor of errors",
    call: (api, url) => {
      api.interceptors.response.use(null, (error: { response: AxiosResponse }) => error.response);
      return api.get(`${url}/status/404`);
    },
  },
  {
    name: "an interceptor that throws",
    call: (api, url) => {
      api.interceptors.request.use(() => {
        throw new RangeError("mine");
      });
      return api.get(`${url}/echo`);
    },
  },
  {
    name: "defaults",
    call: (api, url) => {
      api.defaults.headers.common["X-Default"] = "1";
      api.defaults.params = { d: 1 };
      return api.get(`${url}/echo`);
    },
  },
  {
    name: "progress of an upload",
    call: (api, url) => api.post(`${url}/echo`, "x".repeat(1000), { onUploadProgress: () => {} }),
  },
  { name: "progress of a download", call: (api, url) => api.get(`${url}/pieces`, { onDownloadProgress: () => {} }) },
  { name: "an answer that is too large", call: (api, url) => api.get(`${url}/large`, { maxContentLength: 10 }) },
  {
    name: "a body that is too large",
    call: (api, url) => api.post(`${url}/echo`, "x".repeat(100), { maxBodyLength: 10 }),
  },
  {
    name: "a signal that is not used",
    call: (api, url) => api.get(`${url}/echo`, { signal: new AbortController().signal }),
  },
  {
    name: "a token that is not used",
    call: (api, url) => api.get(`${url}/echo`, { cancelToken: axios.CancelToken.source().token }),
  },
  { name: "an answer within the timeout", call: (api, url) => api.get(`${url}/echo`, { timeout: 5000 }) },
  { name: "a data URL", call: (api) => api.get("data:text/plain,hello") },
  { name: "an unknown protocol", call: (api) => api.get("gopher://example.com") },
  { name: "no URL", call: (api) => api.get("http://") },
  { name: "an unknown adapter", call: (api, url) => api.get(`${url}/echo`, { adapter: "pigeon" }) },
  {
    name: "an adapter of its own",
    call: (api, url) =>
      api.get(`${url}/echo`, {
        adapter: async (config) => ({ data: "made", status: 200, statusText: "OK", headers: {}, config }),
      }),
  },
  { name: "a list of adapters", call: (api, url, adapter) => api.get(`${url}/echo`, { adapter: ["xhr", adapter] }) },
];

const later = (act: () => void): void => void setTimeout(act, 30);

/** What ends without an answer. */
export const broken: readonly Ordinary[] = [
  { name: "nobody listens", call: (api) => api.get("http://127.0.0.1:1/") },
  { name: "a reset", call: (api, url) => api.get(`${url}/reset`) },
  { name: "a cut body", call: (api, url) => api.get(`${url}/cut`) },
  { name: "a cut stream", call: (api, url) => api.get(`${url}/cut`, { responseType: "stream" }) },
  { name: "a timeout", call: (api, url) => api.get(`${url}/hang`, { timeout: 40 }) },
  {
    name: "a timeout with words of its own",
    only: "http",
    call: (api, url) =>
      api.get(`${url}/hang`, {
        timeout: 40,
        timeoutErrorMessage: "too slow",
        transitional: { clarifyTimeoutError: true },
      }),
  },
  { name: "500", call: (api, url) => api.get(`${url}/status/500`) },
  { name: "503 of a POST", call: (api, url) => api.post(`${url}/status/503`, { a: 1 }) },
];

/** What the caller ends. */
export const ended: readonly Ordinary[] = [
  { name: "an abort before", call: (api, url) => api.get(`${url}/hang`, { signal: AbortSignal.abort() }) },
  {
    name: "an abort during",
    call: (api, url) => {
      const controller = new AbortController();
      later(() => controller.abort());
      return api.get(`${url}/hang`, { signal: controller.signal });
    },
  },
  {
    name: "an abort with a reason",
    call: (api, url) => {
      const controller = new AbortController();
      later(() => controller.abort(new Error("mine")));
      return api.post(`${url}/hang`, {}, { signal: controller.signal });
    },
  },
  { name: "a signal that times out", call: (api, url) => api.get(`${url}/hang`, { signal: AbortSignal.timeout(30) }) },
  {
    name: "a token before",
    call: (api, url) => {
      const { token, cancel } = axios.CancelToken.source();
      cancel("mine");
      return api.get(`${url}/hang`, { cancelToken: token });
    },
  },
  {
    name: "a token during",
    call: (api, url) => {
      const { token, cancel } = axios.CancelToken.source();
      later(() => cancel("mine"));
      return api.get(`${url}/hang`, { cancelToken: token });
    },
  },
  {
    name: "an abort of a stream",
    call: (api, url) => {
      const controller = new AbortController();
      later(() => controller.abort());
      return api.get(`${url}/stall`, { signal: controller.signal, responseType: "stream" });
    },
  },
  {
    name: "a token of a stream",
    call: (api, url) => {
      const { token, cancel } = axios.CancelToken.source();
      later(() => cancel("mine"));
      return api.get(`${url}/stall`, { cancelToken: token, responseType: "stream" });
    },
  },
];

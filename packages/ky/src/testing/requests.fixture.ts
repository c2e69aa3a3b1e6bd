import type { Options } from "ky";
import { bytes, type Case, still, stream } from "./case.fixture.ts";
import { isKy2 } from "./hooks.fixture.ts";

/** Of the instance: where ky 2 has `prefix`, ky 1 has `prefixUrl`. */
const prefix = (url: string): Options => (isKy2 ? { prefix: `${url}/v1` } : { prefixUrl: `${url}/v1` }) as Options;

/** How a request is made. */
export const requests: readonly Case[] = [
  ...(["get", "post", "put", "patch", "delete"] as const).map((verb): Case => ({
    name: verb,
    call: (api, url) => api[verb](url),
  })),
  { name: "head", call: (api, url) => api.head(url) },
  { name: "query", only: 2, call: (api, url) => api.query(url, { json: { a: 1 } }) },
  { name: "a method in capitals", call: (api, url) => api(url, { method: "PATCH", body: "x" }) },
  { name: "a method of one's own", call: (api, url) => api(url, { method: "REPORT" }) },
  { name: "a URL object", call: (api, url) => api(new URL(`${url}/a?b=c`)) },
  {
    name: "a Request",
    call: (api, url) => api(new Request(`${url}/r`, { method: "PUT", body: "in it", headers: { "x-a": "1" } })),
  },
  {
    name: "a Request with options over it",
    call: (api, url) =>
      api(new Request(url, { method: "POST", body: "old" }), { body: "new", headers: { "x-b": "2" } }),
  },
  {
    name: "a Request and a form over it",
    call: (api, url) => api(new Request(url, { method: "POST", body: "old" }), { body: form() }),
  },
  { name: "a fragment and an empty query", call: (api, url) => api(`${url}/a?#part`) },
  {
    name: "parameters as an object",
    call: (api, url) => api(url, { searchParams: { a: 1, b: "x y", c: undefined, d: true } }),
  },
  { name: "parameters as text", call: (api, url) => api(url, { searchParams: "?a=1&a=2" }) },
  {
    name: "parameters as pairs",
    call: (api, url) =>
      api(url, {
        searchParams: [
          ["a", 1],
          ["a", 2],
        ],
      }),
  },
  {
    name: "parameters of URLSearchParams over those of the URL",
    call: (api, url) => api(`${url}?z=9`, { searchParams: new URLSearchParams("é=ü") }),
  },
  {
    name: "parameters of the instance and of the call",
    options: () => ({ searchParams: { key: "k" } }),
    call: (api, url) => api(url, { searchParams: { page: 2 } }),
  },
  {
    name: "headers as an object, one of them taken away",
    options: () => ({ headers: { "x-a": "1", "x-b": "2" } }),
    call: (api, url) => api(url, { headers: { "x-a": undefined, "X-C": "3" } }),
  },
  {
    name: "headers as Headers",
    options: () => ({ headers: new Headers({ accept: "text/plain" }) }),
    call: (api, url) =>
      api(url, {
        headers: new Headers([
          ["x-a", "1"],
          ["x-a", "2"],
        ]),
      }),
  },
  { name: "a prefix", options: prefix, call: (api) => api("models", { searchParams: { a: 1 } }) },
  { name: "a prefix and a slash", only: 2, options: prefix, call: (api) => api("/models") },
  {
    name: "a base URL",
    only: 2,
    options: (url) => ({ baseUrl: `${url}/v1/` }),
    call: (api) => api("models/../files"),
  },
  { name: "a call by another method than the verb's", call: (api, url) => api.get(url, { method: "post" }) },
  {
    name: "an instance by extend",
    call: (api, url) =>
      api.extend({ headers: { "x-e": "1" } }).extend((given) => ({ ...given, searchParams: { q: 1 } }))(url),
  },
  {
    name: "an instance by create, which forgets",
    options: () => ({ headers: { "x-a": "1" } }),
    call: (api, url) => api.create({ ...still, headers: { "x-n": "2" } })(url),
  },
  {
    name: "hooks of the instance taken away for a call",
    options: () => ({ hooks: { beforeRequest: [() => new Response("never")] } }),
    call: (api, url) => api(url, { hooks: undefined! }).text(),
  },
  { name: "a context", options: () => ({ context: { a: 1 } }), call: (api, url) => api(url, { context: { b: 2 } }) },
];

/** What it holds. */
export const sent: readonly Case[] = [
  { name: "JSON", call: (api, url) => api.post(url, { json: { a: [1, null, "é"] } }) },
  { name: "JSON null", call: (api, url) => api.post(url, { json: null }) },
  {
    name: "JSON with a type of one's own",
    call: (api, url) => api.post(url, { json: 1, headers: { "content-type": "application/vnd.api+json" } }),
  },
  {
    name: "JSON by a function",
    options: () => ({ stringifyJson: (value) => `{"wrapped":${JSON.stringify(value)}}` }),
    call: (api, url) => api.put(url, { json: [1] }),
  },
  { name: "text", call: (api, url) => api.put(url, { body: "grüße" }) },
  { name: "empty text", call: (api, url) => api.post(url, { body: "" }) },
  { name: "bytes", call: (api, url) => api.put(url, { body: bytes }) },
  {
    name: "a piece of a buffer",
    call: (api, url) => api.put(url, { body: new Uint8Array([...bytes, ...bytes]).subarray(2, 6) }),
  },
  { name: "an ArrayBuffer", call: (api, url) => api.put(url, { body: bytes.buffer }) },
  { name: "a blob with a type", call: (api, url) => api.put(url, { body: new Blob(["b"], { type: "text/x-b" }) }) },
  { name: "URLSearchParams", call: (api, url) => api.post(url, { body: new URLSearchParams({ a: "1 2" }) }) },
  { name: "a form", call: (api, url) => api.post(url, { body: form() }) },
  { name: "a form, put", call: (api, url) => api.put(url, { body: form() }) },
  { name: "a stream", call: (api, url) => api.put(url, { body: stream("one", "two") }) },
  { name: "a stream, posted", call: (api, url) => api.post(url, { body: stream("one", "two") }) },
  {
    name: "a Request with a stream",
    call: (api, url) => api(new Request(url, { method: "PUT", body: stream("s"), duplex: "half" } as RequestInit)),
  },
  {
    name: "an upload that is watched",
    call: async (api, url) => {
      const seen: unknown[] = [];
      await api.put(url, {
        body: "0123456789",
        onUploadProgress: ({ percent, transferredBytes }) => seen.push([percent, transferredBytes]),
      });
      return seen;
    },
  },
];

function form(): FormData {
  const data = new FormData();
  data.append("name", "Zoë");
  data.append("file", new File([bytes], "a b.bin", { type: "application/x-thing" }));
  return data;
}

import type { Case } from "./case.fixture.ts";

/** What fails, at ky, at the caller or at the server. */
export const failing: readonly Case[] = [
  ...[304, 400, 401, 404, 409, 418, 422, 429, 500, 503].map((status): Case => ({
    name: `${status}`,
    fails: true,
    call: (api, url) => api(`${url}/${status}`),
  })),
  { name: "an error with JSON, its data", fails: true, call: (api, url) => api(`${url}/problem`).json() },
  { name: "an error of a POST", fails: true, call: (api, url) => api.post(`${url}/500`, { json: {} }).json() },
  {
    name: "an error that is none",
    fails: true,
    call: (api, url) => api(`${url}/503`, { throwHttpErrors: false }).text(),
  },
  {
    name: "an error that is none, by a function",
    fails: true,
    call: (api, url) => api(`${url}/503`, { throwHttpErrors: (status) => status !== 503 }),
  },
  { name: "nobody listens", fails: true, call: (api) => api("http://127.0.0.1:2/") },
  { name: "a name that does not exist", fails: true, call: (api) => api("http://nowhere.invalid/").text() },
  { name: "a scheme that does not exist", fails: true, call: (api) => api("nothing://there") },
  { name: "no URL", fails: true, call: (api) => api("not a url") },
  { name: "a connection that is closed", fails: true, call: (api, url) => api(`${url}/close`) },
  {
    name: "a POST whose connection is closed",
    fails: true,
    call: (api, url) => api.post(`${url}/close`, { body: "x" }),
  },
  { name: "a body that is cut off", fails: true, call: (api, url) => api(`${url}/cut`).text() },
  {
    name: "a body that is cut off, of a response",
    fails: true,
    call: async (api, url) => (await api(`${url}/cut`)).text(),
  },
  {
    name: "a body that is cut off, of a POST",
    fails: true,
    call: (api, url) => api.post(`${url}/cut`, { body: "x" }).json(),
  },
  { name: "an input that is none", fails: true, call: (api) => api(42 as never) },
  { name: "options that are a list", fails: true, call: (api, url) => api(url, [] as never) },
  { name: "options that are null", fails: true, call: (api, url) => api(url, null as never) },
  { name: "options that are a function", fails: true, call: (api, url) => api(url, (() => ({})) as never) },
  { name: "a retry that is null", fails: true, call: (api, url) => api(url, { retry: null! }) },
  { name: "a GET with a body", fails: true, call: (api, url) => api(url, { body: "x" }) },
  { name: "a header that is no header", fails: true, call: (api, url) => api(url, { headers: { "a b": "c" } }) },
  { name: "an abort before", fails: true, call: (api, url) => api(url, { signal: AbortSignal.abort() }) },
  {
    name: "an abort with a reason of one's own",
    fails: true,
    call: (api, url) => api(url, { signal: AbortSignal.abort(new RangeError("mine")) }).text(),
  },
  {
    name: "an abort with no Error",
    fails: true,
    call: (api, url) => api(url, { signal: AbortSignal.abort("just so") }),
  },
  {
    name: "an abort in silence",
    fails: true,
    call: (api, url) => api(`${url}/silence`, { signal: AbortSignal.timeout(30) }),
  },
  {
    name: "an abort in the body",
    fails: true,
    call: (api, url) => api(`${url}/endless`, { signal: AbortSignal.timeout(60) }).text(),
  },
  {
    name: "an abort by the signal of the instance",
    fails: true,
    options: () => ({ signal: AbortSignal.timeout(30) }),
    call: (api, url) => api(`${url}/silence`),
  },
  {
    name: "an abort by the signal of a Request",
    fails: true,
    call: (api, url) => api(new Request(`${url}/silence`, { signal: AbortSignal.timeout(30) })),
  },
  {
    name: "a fetch that throws",
    fails: true,
    options: () => ({ fetch: () => Promise.reject(new Error("of my own")) }),
    call: (api, url) => api(url),
  },
  {
    name: "a fetch that throws text",
    fails: true,
    options: () => ({ fetch: () => Promise.reject("text") }),
    call: (api, url) => api(url),
  },
  {
    name: "a beforeRequest that throws",
    fails: true,
    options: () => ({
      hooks: {
        beforeRequest: [
          () => {
            throw new RangeError("no");
          },
        ],
      },
    }),
    call: (api, url) => api(url),
  },
  {
    name: "a beforeRequest that answers",
    options: () => ({ hooks: { beforeRequest: [() => new Response("made up", { status: 201 })] } }),
    call: (api, url) => api(url).text(),
  },
  {
    name: "a beforeRequest that answers with an error",
    fails: true,
    options: () => ({ hooks: { beforeRequest: [() => new Response("made up", { status: 500 })] } }),
    call: (api, url) => api(url).text(),
  },
  {
    name: "an afterResponse that answers",
    options: () => ({ hooks: { afterResponse: [() => Response.json({ made: "up" })] } }),
    call: (api, url) => api(url).json(),
  },
  {
    name: "an afterResponse that throws",
    fails: true,
    options: () => ({
      hooks: {
        afterResponse: [
          () => {
            throw new RangeError("no");
          },
        ],
      },
    }),
    call: (api, url) => api(url),
  },
  {
    name: "a beforeError that makes another error",
    fails: true,
    options: () => ({ hooks: { beforeError: [() => new RangeError("better")] } }),
    call: (api, url) => api(`${url}/400`),
  },
];

import type { Client } from "./client.ts";

/** What others use, each set up for two retries as its README shows it. */
export const peers: readonly Client[] = [
  {
    name: "ky",
    setUp: "`retry: { limit: 2 }`; attempt timeout: `timeout` and `retryOnTimeout`",
    note: "documents that POST is not retried by default and that jitter is an option",
    load: async () => (await import("./peers/ky.ts")).open,
  },
  {
    name: "axios-retry",
    setUp:
      "`retries: 2, retryDelay: exponentialDelay` on the http adapter; attempt timeout: axios' `timeout` and `shouldResetTimeout`",
    note: "documents that a POST is retried only after a network error, and no delay as its default",
    load: async () => (await import("./peers/axios-retry.ts")).open,
  },
  {
    name: "retry-axios",
    setUp: "`raxConfig: { retry: 2 }` on the http adapter; attempt timeout: axios' `timeout`",
    note: "documents that POST is not retried by default and that jitter is an option",
    load: async () => (await import("./peers/retry-axios.ts")).open,
  },
  {
    name: "got",
    setUp: "`retry: { limit: 2 }`; attempt timeout: `timeout.request`",
    note: "documents that POST is not retried by default",
    load: async () => (await import("./peers/got.ts")).open,
  },
  {
    name: "undici fetch",
    setUp:
      "`new RetryAgent(new Agent(), { maxRetries: 2 })`, given to undici's own `fetch`; attempt timeout: `headersTimeout`",
    note: "documents that POST is not retried by default, and the codes that are: timeouts are not among them; a body is not sent a second time, as its length is then wrong",
    load: async () => (await import("./peers/undici.ts")).openFetch,
  },
  {
    name: "undici request",
    setUp: "the same agent, given to `request`",
    note: "documents the same methods and codes",
    load: async () => (await import("./peers/undici.ts")).openRequest,
  },
  {
    name: "ofetch",
    setUp: "`retry: 2, retryDelay: 500`; attempt timeout: `timeout`",
    note: "documents that a number of retries holds for every method, no delay as its default, and its list of statuses",
    load: async () => (await import("./peers/ofetch.ts")).open,
  },
  {
    name: "wretch",
    setUp: "`retry({ maxAttempts: 2, retryOnNetworkError: true })`; attempt timeout: `setTimeout` of its abort addon",
    note: "documents that no 4xx is retried, 429 included",
    load: async () => (await import("./peers/wretch.ts")).open,
  },
  {
    name: "fetch-retry",
    setUp:
      "`retries: 2`, `retryOn` 408, 429, 500, 502, 503, 504, 529: the list is its caller's; attempt timeout: by hand, in the fetch that it wraps",
    load: async () => (await import("./peers/fetch-retry.ts")).open,
  },
  {
    name: "p-retry",
    setUp:
      "`retries: 2` around fetch, status and `json()`, an `AbortError` for a status not in the list of fetch-retry; attempt timeout: `AbortSignal.timeout` in each attempt",
    note: "documents that jitter is an option (`randomize`)",
    load: async () => (await import("./peers/p-retry.ts")).open,
  },
  {
    name: "up-fetch",
    setUp:
      "`retry: { attempts: 2, delay: 1000, when }`, where `when` is its default, any status that is no success, and any error; attempt timeout: `timeout`",
    load: async () => (await import("./peers/up-fetch.ts")).open,
  },
  {
    name: "ffetch",
    setUp: "`retries: 2`; attempt timeout: `timeout`",
    note: "has one timeout over all attempts, 5 s by default, and never gets to send a body again: it makes a `Request` of one that was used",
    load: async () => (await import("./peers/ffetch.ts")).open,
  },
  {
    name: "openai",
    setUp: "`maxRetries: 2`, its default; attempt timeout: `timeout`; no option for waits",
    note: "documents that connection errors, 408, 409, 429 and everything from 500 on are retried, and makes no difference between methods; it does not look at a Retry-After of more than 60 s",
    load: async () => (await import("./peers/openai.ts")).open,
  },
  {
    name: "anthropic",
    setUp: "`maxRetries: 2`, its default; attempt timeout: `timeout`; no option for waits",
    note: "retries connection errors, 408, 409, 429 and everything from 500 on, of every method",
    load: async () => (await import("./peers/anthropic.ts")).open,
  },
];

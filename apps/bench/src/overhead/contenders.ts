import { resilient } from "@failwell/fetch";
import { ExponentialBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } from "cockatiel";
import ky from "ky";
import pRetry from "p-retry";

/** One way to make the same call. */
export interface Contender {
  readonly name: string;
  readonly call: () => Promise<unknown>;
  /** What the call costs without anything around it: the bare double with the same arguments and the same answer. */
  readonly bare: () => Promise<unknown>;
}

const url = "https://api.example.com/v1/models";
const attemptMs = 60_000;

// One answer for all calls: what is measured is what is put around a fetch, not the making of responses.
const answer = new Response(null, { status: 204 });
const double: typeof fetch = async () => answer;

const json = { "content-type": "application/json" };
const post = { method: "POST", headers: json, body: JSON.stringify({ model: "m", messages: [] }) };
const fresh: typeof fetch = async () => new Response('{"data":[]}', { headers: json });

const bare = (): Promise<unknown> => double(url);

const policy = wrap(
  retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() }),
  timeout(attemptMs, TimeoutStrategy.Aggressive),
);
// ky writes properties onto the response, so it gets one of its own.
const kyAnswer = new Response(null, { status: 204 });
const lent = ky.create({ fetch: async () => kyAnswer, retry: 2, timeout: attemptMs });

/** What others put around a fetch to get retries and a timeout; the first is what ours is measured against. */
export const others: readonly [Contender, ...Contender[]] = [
  {
    name: "p-retry + AbortSignal.timeout",
    call: () => pRetry(() => double(url, { signal: AbortSignal.timeout(attemptMs) }), { retries: 2 }),
    bare,
  },
  { name: "p-retry, no timeout", call: () => pRetry(() => double(url), { retries: 2 }), bare },
  { name: "cockatiel, retry + timeout", call: () => policy.execute(({ signal }) => double(url, { signal })), bare },
  { name: "ky", call: () => lent(url), bare },
];

const standard = resilient(double);
const none = resilient(double, { profile: "none" });
const platform = onPlatform(double);
const reading = resilient(fresh);
const { signal } = new AbortController();

/** Ours; the first is the one that the goal is about. */
export const ours: readonly [Contender, ...Contender[]] = [
  { name: "resilient(fetch), standard", call: () => standard(url), bare },
  { name: "… with the caller's signal", call: () => standard(url, { signal }), bare: () => double(url, { signal }) },
  { name: "… POST with a JSON string", call: () => standard(url, post), bare: () => double(url, post) },
  { name: "… profile none", call: () => none(url), bare },
  { name: "… through Node's transport", call: () => platform(url), bare },
  {
    name: "… new answer with a body, read",
    call: async () => (await reading(url)).json(),
    bare: async () => (await fresh(url)).json(),
  },
];

/** The platform's own fetch gets a dispatcher for each attempt, a fetch that is passed does not. */
function onPlatform(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const real = globalThis.fetch;
  globalThis.fetch = fetch;
  const wrapped = resilient(fetch);
  globalThis.fetch = real;
  return wrapped;
}

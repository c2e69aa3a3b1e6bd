/**
 * The published packages at work. Copied into an empty project and run on every Node they promise to run on: what it
 * imports are the packed packages, and what it calls is a server in this process.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createResolver, redact, resolve } from "@failwell/core";
import { jumpingClock, seededRandom } from "@failwell/core/testing";
import { failureOf, resilient as resilientAxios } from "@failwell/axios";
import { attemptsOf, resilient, verdictOf } from "@failwell/fetch";
import { resilient as resilientKy } from "@failwell/ky";
import { create } from "axios";
import ky from "ky";

/** What undici, the engine of Node's fetch, is told with each request. */
interface Dispatched {
  readonly path: string;
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
}
interface Dispatcher {
  dispatch(options: Dispatched, handler: unknown): boolean;
}

const seen: string[] = [];
const server = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  switch (request.url) {
    case "/moved":
      return response.writeHead(307, { location: "/flaky" }).end();
    case "/flaky":
      if (seen.filter((line) => line.endsWith("/flaky")).length === 1) {
        return response.writeHead(503, { "retry-after-ms": "1" }).end('{"error":{"message":"busy"}}');
      }
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      return response.end(gzipSync('{"text":"hello"}'));
    default:
      return response
        .writeHead(404, { "content-type": "application/json" })
        .end('{"error":{"message":"no such path"}}');
  }
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

// Looks over the shoulder of the process's own dispatcher.
void globalThis.Headers; // loads undici
const dispatched: Dispatched[] = [];
const globals = globalThis as { [key: symbol]: Dispatcher | undefined };
for (const key of ["undici.globalDispatcher.1", "undici.globalDispatcher.2"].map(Symbol.for)) {
  const real = globals[key];
  if (real === undefined) continue;
  globals[key] = {
    dispatch(options, handler) {
      dispatched.push(options);
      return real.dispatch(options, handler);
    },
  };
}

const send: typeof fetch = resilient(fetch, { random: seededRandom(1), retry: { backoff: () => 1 } });

const response = await send(`${origin}/moved`, { method: "POST", body: "{}" });
assert.deepEqual(await response.json(), { text: "hello" }, "a body in gzip is read as text");
assert.equal(response.redirected, true);
assert.deepEqual(seen, ["POST /moved", "POST /flaky", "POST /moved", "POST /flaky"]);
assert.deepEqual(
  attemptsOf(response).map(({ status, kind, stop }) => [status, kind, stop]),
  [
    [503, "unavailable", null],
    [200, null, "settled"],
  ],
);

// Redirects are followed inside of fetch, so each of the four requests was dispatched.
assert.deepEqual(
  dispatched.map(({ path, headersTimeout, bodyTimeout }) => [path, headersTimeout, bodyTimeout]),
  seen.map((line) => [line.split(" ")[1], 0, 0]),
  "the limits of 300 s are lifted",
);

const missing = await send(`${origin}/missing`);
assert.equal((await verdictOf(missing))?.kind, "not_found");
assert.equal(missing.bodyUsed, false);
assert.match(await missing.text(), /no such path/);

const policy = { retry: { backoff: () => 1, maxAttempts: 2 } };
const api = resilientKy(ky, policy);
assert.deepEqual(await api.get(`${origin}/flaky`).json<{ text: string }>(), { text: "hello" });
for (const adapter of ["http", "fetch"] as const) {
  const instance = resilientAxios(create({ adapter, baseURL: origin }), policy);
  const answer = await instance.get<{ text: string }>("/flaky");
  assert.equal(answer.data.text, "hello");
  const error: unknown = await instance.get("/missing").catch((reason: unknown) => reason);
  assert.equal(failureOf(error)?.verdict.kind, "not_found");
}

assert.equal(resolve({ status: 429 })?.retryable, true);
assert.equal(createResolver({ dialects: [] })({ status: 401 })?.kind, "authentication");
assert.doesNotMatch(redact("Authorization: Bearer sk-abcdefghijklmnopqrstuvwx"), /abcdefghijklmnopqrstuvwx/);
const clock = jumpingClock();
let rang = false;
clock.set(() => (rang = true), 60_000);
await clock.advance(60_000);
assert.equal(rang, true, "the clock for tests jumps");

server.close();
console.log(`Node ${process.versions.node}: the packed packages work`);

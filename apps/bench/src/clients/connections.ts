import { type Handler, serve, type TestServer, until } from "@failwell/lab";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, succeed } from "./answers.ts";
import type { Call } from "./client.ts";
import { inShort } from "./run.ts";
import { asks, capped, oneCall, type Scenario, type Sight } from "./scenario.ts";

/** Does something else the first time, then succeeds. */
function first(handle: Handler): Handler {
  return (request, response, number, body) =>
    number > 1 ? succeed(response) : handle(request, response, number, body);
}

const reset = first((request) => void request.socket.resetAndDestroy());

const cut = first((request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"ok":', () => request.socket.end());
});

const drip = first((request, response) => {
  response.writeHead(503, { "content-type": "text/plain" });
  const dripping = setInterval(() => response.write("."), 20);
  request.socket.on("close", () => clearInterval(dripping));
});

/** What becomes of connections, and of clients that wait for one. */
export const connections: readonly Scenario[] = [
  oneCall("a POST whose connection broke after it was sent is paid once", { ends: "fails", hits: 1 }, "POST", reset),
  oneCall("a GET whose connection broke recovers", { ends: "recovers", hits: 2 }, "GET", reset),
  oneCall(
    "a success that is cut in the middle of its body is asked for again",
    { ends: "recovers", hits: 2 },
    "GET",
    cut,
  ),
  oneCall(
    "a silent server is left after the attempt timeout of 500 ms, and asked again",
    { ends: "recovers", hits: 2 },
    "GET",
    first(() => {}),
    { settings: { timeout: 500 } },
  ),
  oneCall(
    "an error body without an end does not hold up the retry",
    { ends: "recovers", hits: 2, ms: { atMost: 3000 } },
    "GET",
    drip,
  ),
  {
    rule: "a POST that found nobody listening is sent again",
    good: { ends: "recovers", hits: 1 },
    settings: { wait: 300 },
    stage: async () => ({ server: await late(), play: async (open) => void (await open()(asks.POST)) }),
  },
  {
    rule: "an abort ends the wait within 50 ms",
    good: { ends: "fails", hits: 1, figure: { name: "ms from abort to end", atMost: 50 } },
    settings: { wait: 3000 },
    async stage() {
      const server = await serve(capped((_, response) => fail(response, 503, { "retry-after": "3" })));
      return { server, play: (open) => abortDuringWait(open(), server) };
    },
  },
];

async function abortDuringWait(call: Call, server: TestServer): Promise<Sight> {
  const caller = new AbortController();
  let ended = 0;
  const end = call({ ...asks.GET, signal: caller.signal }).finally(() => (ended = performance.now()));
  // A call that fails before its abort rejects here.
  await Promise.race([end, until(() => server.seen.length > 0).then(() => sleep(1000))]);
  const aborted = performance.now();
  caller.abort(new Error("the caller changed its mind"));
  const outcome = await end.then(() => null, inShort);
  return { figure: Math.round(ended - aborted), ...(outcome === null ? {} : { ending: "fails", outcome }) };
}

/** A server that begins to listen 150 ms after its address is known, which is sooner than any client comes back. */
async function late(): Promise<TestServer> {
  const reserved = await serve(() => {});
  await reserved.close();
  const seen: TestServer["seen"] = [];
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers, body: Buffer.alloc(0) });
    request.resume();
    succeed(response);
  });
  const opening = setTimeout(() => server.listen(Number(new URL(reserved.url).port), "127.0.0.1"), 150);
  return {
    url: reserved.url,
    seen,
    sockets: () => 0,
    opened: 0,
    async close() {
      clearTimeout(opening);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

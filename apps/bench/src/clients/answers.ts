import { type Handler, serve } from "@failwell/lab";
import type { ServerResponse } from "node:http";
import { capped, oneCall, type Scenario } from "./scenario.ts";

type Headers = Readonly<Record<string, string>>;

/** Answers 200 with JSON. */
export function succeed(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
}

/** Answers with a status and the body of an API error. */
export function fail(response: ServerResponse, status: number, headers: Headers = {}, body: string = overloaded): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

/** Fails so many times, then succeeds. */
function failing(times: number, status: number, headers?: Headers, body?: string): Handler {
  return (_, response, number) => (number > times ? succeed(response) : fail(response, status, headers, body));
}

const overloaded = '{"error":{"message":"The server cannot take it now.","type":"server_error"}}';

const quota = JSON.stringify({
  error: {
    message: "You exceeded your current quota, please check your plan and billing details.",
    type: "insufficient_quota",
    param: null,
    code: "insufficient_quota",
  },
});

/** What a server says with status, headers and body. */
export const answers: readonly Scenario[] = [
  oneCall("a POST that was refused twice (503) recovers", { ends: "recovers", hits: 3 }, "POST", failing(2, 503)),
  oneCall("a GET that was refused twice (503) recovers", { ends: "recovers", hits: 3 }, "GET", failing(2, 503)),
  oneCall(
    "an exhausted quota (429 insufficient_quota) costs one request",
    { ends: "fails", hits: 1 },
    "GET",
    failing(Infinity, 429, {}, quota),
  ),
  oneCall(
    "Retry-After: 2 on a 429 is waited for",
    { ends: "recovers", hits: 2, ms: { atLeast: 2000 } },
    "GET",
    failing(1, 429, { "retry-after": "2" }),
  ),
  oneCall(
    "Retry-After: 9999999 ends the call at once",
    { ends: "fails", hits: 1, ms: { atMost: 1000 } },
    "GET",
    failing(Infinity, 429, { "retry-after": "9999999" }),
    { capMs: 5000 },
  ),
  oneCall(
    "Retry-After: 0 does not stop the retry",
    { ends: "recovers", hits: 2 },
    "GET",
    failing(1, 503, { "retry-after": "0" }),
  ),
  oneCall(
    "Retry-After: soon does not stop the retry",
    { ends: "recovers", hits: 2 },
    "GET",
    failing(1, 503, { "retry-after": "soon" }),
  ),
  // More than any first wait of any client here: who does not read it cannot pass.
  oneCall(
    "retry-after-ms: 1500 on a 429 is waited for",
    { ends: "recovers", hits: 2, ms: { atLeast: 1500 } },
    "GET",
    failing(1, 429, { "retry-after-ms": "1500" }),
  ),
  oneCall("an overload (529) is retried", { ends: "recovers", hits: 2 }, "GET", failing(1, 529)),
  oneCall("a timeout of the server (408) is retried", { ends: "recovers", hits: 2 }, "GET", failing(1, 408)),
  oneCall("what is not implemented (501) costs one request", { ends: "fails", hits: 1 }, "GET", failing(Infinity, 501)),
  oneCall(
    "x-should-retry: false on a 503 costs one request",
    { ends: "fails", hits: 1 },
    "GET",
    failing(Infinity, 503, { "x-should-retry": "false" }),
  ),
  {
    rule: "a PUT that is sent again is the same bytes",
    good: { ends: "recovers", hits: 2, figure: { name: "different bodies", atMost: 1 } },
    async stage() {
      const server = await serve(capped(failing(1, 503)));
      return {
        server,
        async play(open) {
          await open()({ method: "PUT", path: "/v1/jobs/1", json: { text: "ä 🐈" } });
          return { figure: new Set(server.seen.map(({ body }) => body.toString("hex"))).size };
        },
      };
    },
  },
];

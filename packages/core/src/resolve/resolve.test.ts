import { describe, expect, test } from "vitest";
import { documented, extendCatalog } from "../catalog/catalog.ts";
import { allDialects } from "../dialects/all.ts";
import { createBaseResolver } from "./base-resolver.ts";
import { createResolver, resolve } from "./resolve.ts";

function json(status: number, body: unknown, headers: Record<string, string> = {}): Parameters<typeof resolve>[0] {
  return { status, headers, body: JSON.stringify(body) };
}

describe("with no stronger evidence the documented table holds exactly", () => {
  const table = [
    [400, "bad_request", false],
    [401, "authentication", false],
    [403, "permission", false],
    [404, "not_found", false],
    [405, "method_not_allowed", false],
    [429, "rate_limit", true],
    [499, "client_closed", false],
    [500, "internal", true],
    [502, "upstream", true],
    [503, "unavailable", true],
  ] as const;
  const bodies = [
    undefined,
    "",
    "Some text",
    { error: { message: "m", type: null, code: null } },
    "<html><title>x</title></html>",
  ];
  test.each(table)("%d is %s, retryable %s", (status, kind, retryable) => {
    for (const body of bodies) {
      expect(resolve({ status, body })).toMatchObject({ kind, retryable, evidence: `status ${status}` });
      expect(createBaseResolver({ catalog: documented })({ status, body })).toMatchObject({
        kind,
        retryable,
      });
    }
  });
});

describe("is null for what is no error", () => {
  test.each([
    [{ status: 200, body: "{}" }],
    [{ status: 200 }],
    [{ status: 204 }],
    [{ status: 304, body: "" }],
    [{ status: 301, headers: { location: "https://example.com/elsewhere" } }],
    [{ status: 200, body: "plain text" }],
    [{ status: 200, headers: { "content-type": "text/html" }, body: "<html><title>Shop</title></html>" }],
    [json(200, { error: null, status: "completed" })],
    [json(200, { data: { user: null }, errors: [{ message: "partial" }] })],
    [json(200, { base_resp: { status_code: 0, status_msg: "success" } })],
    [json(200, { choices: [{ message: { content: '{"error":{"code":"rate_limit_exceeded"}}' } }] })],
    [json(200, { candidates: [{ finishReason: "SAFETY" }, { finishReason: "STOP" }] })],
    [json(200, { success: true, errors: [{ code: 1 }] })],
    [json(200, { code: "ABC", message: "a success with a code of its own" })],
    [{ status: 200, headers: { "grpc-status": "0" } }],
    [{ status: 200, headers: { "content-type": "text/event-stream" }, body: 'data: {"a":1}\n\ndata: [DONE]\n\n' }],
    [{ status: 200, body: "<?xml version='1.0'?><ListBucketResult><Name>b</Name></ListBucketResult>" }],
    [{ status: 200, body: [1, 2, 3] }],
  ])("%j", (outcome) => {
    expect(resolve(outcome)).toBeNull();
  });
});

describe("the first evidence that speaks decides", () => {
  const quota = { error: { code: "insufficient_quota", message: "m" } };
  test("a word on retrying decides that, and not the kind", () => {
    for (const [name, value, retryable] of [
      ["x-should-retry", "true", true],
      ["X-Should-Retry", "false", false],
      ["stripe-should-retry", "true", true],
      ["x-fal-retryable", "false", false],
      ["x-fal-needs-retry", "1", true],
    ] as const) {
      const verdict = resolve(json(429, quota, { [name]: value }));
      expect(verdict).toMatchObject({ kind: "quota_exhausted", retryable, evidence: `header ${name.toLowerCase()}` });
    }
    expect(resolve({ status: 504, headers: { "x-fal-request-timeout-type": "user" } })?.retryable).toBe(false);
    expect(resolve({ status: 503, headers: { "grpc-retry-pushback-ms": "-1" } })).toMatchObject({
      retryable: false,
      retryAfterMs: null,
    });
    expect(resolve(json(403, { error: { message: "m" }, retryable: true }))).toMatchObject({
      retryable: true,
      evidence: "body retryable",
    });
    expect(resolve({ status: 503, headers: { "x-should-retry": "perhaps" } })?.evidence).toBe("status 503");
  });
  test("a code beats a message and the status", () => {
    const body = { error: { code: "model_not_found", message: "That model is currently overloaded" } };
    expect(resolve(json(503, body), { provider: "openai" })).toMatchObject({
      kind: "not_found",
      evidence: "openai code model_not_found",
    });
  });
  test("a message beats a code that lies", () => {
    const body = { error: { code: "rate_limit_exceeded", message: "Request too large for model `m`" } };
    expect(resolve(json(429, body), { provider: "groq" })).toMatchObject({
      kind: "payload_too_large",
      evidence: "groq message Request too large",
    });
  });
  test("what a user wrote is no evidence", () => {
    const body = {
      error: { code: "invalid_value", message: "Invalid 'title': Request too large, insufficient_quota, 429" },
    };
    expect(resolve(json(400, body), { provider: "openai" })).toMatchObject({ kind: "bad_request", retryable: false });
  });
  test("a class header speaks where the body has no code", () => {
    expect(resolve(json(400, { message: "m" }, { "x-amzn-errortype": "ThrottlingException:http://x" }))).toMatchObject({
      kind: "rate_limit",
      upstream: { code: "ThrottlingException" },
    });
  });
  test("a class of codes does not talk a 402 or a 413 away", () => {
    expect(resolve(json(402, { error: { status: "RESOURCE_EXHAUSTED" } }))?.kind).toBe("payment_required");
    expect(resolve(json(413, { error: { code: "rate_limit_exceeded" } }))?.kind).toBe("payload_too_large");
  });
  test("a status that the body names speaks inside a success", () => {
    expect(resolve(json(200, { error: { code: 429, message: "m" } }))).toMatchObject({
      kind: "rate_limit",
      evidence: "status 429",
    });
  });
  test("a status from behind the server speaks when it blames the caller", () => {
    const failed = { message: "m", originalStatusCode: 400 };
    expect(resolve(json(424, failed))).toMatchObject({ kind: "bad_request", retryable: false });
    expect(resolve(json(424, { ...failed, originalStatusCode: 500 }))).toMatchObject({
      kind: "upstream",
      retryable: true,
    });
  });
  test("words speak last, inside a success without any other sign", () => {
    expect(resolve(json(200, { status: "failed", error: "the upstream timed out" }))).toMatchObject({
      kind: "timeout",
      evidence: "words",
    });
    expect(resolve(json(200, { status: "failed", error: "CUDA" }))).toMatchObject({
      kind: "unknown",
      retryable: false,
    });
  });
});

describe("who speaks", () => {
  test("the same code means what the provider means by it", () => {
    const body = { error: { code: "insufficient_quota", message: "m" } };
    expect(resolve(json(429, body), { provider: "openai" })?.retryable).toBe(false);
    expect(resolve(json(429, body), { provider: "dashscope" })?.retryable).toBe(true);
  });
  test("an unknown name, or more of a name than is known, does no harm", () => {
    expect(resolve(json(498, { message: "m" }), { provider: "groq-eu-west" })?.provider).toBe("groq");
    expect(resolve(json(429, {}), { provider: "nobody-knows-this" })).toMatchObject({
      provider: null,
      kind: "rate_limit",
    });
    expect(resolve(json(429, {}), { provider: "" })?.provider).toBeNull();
  });
  test("a header or a field that only one sends tells it", () => {
    expect(resolve(json(400, {}, { "anthropic-organization-id": "o" }))?.provider).toBe("anthropic");
    expect(resolve(json(200, { base_resp: { status_code: 1008 } }))).toMatchObject({
      provider: "minimax",
      kind: "payment_required",
    });
    expect(resolve({ status: 403, body: "error code: 1020" })).toMatchObject({
      provider: "cloudflare",
      upstream: { code: "1020" },
    });
  });
  test("a proxy does not speak for the JSON it passes on", () => {
    const headers = { server: "cloudflare", "cf-ray": "r" };
    expect(resolve(json(500, { error: { message: "m" } }, headers))).toMatchObject({
      provider: null,
      fault: "upstream",
    });
    expect(resolve({ status: 500, headers, body: "<html><title>500</title></html>" })).toMatchObject({
      provider: "cloudflare",
      fault: "gateway",
    });
  });
  test("a gateway's own words are its fault, but not what the caller did", () => {
    expect(resolve(json(500, { error: { message: "m", type: "new_api_error" } }))).toMatchObject({ fault: "gateway" });
    expect(resolve(json(404, { error: { message: "m", type: "new_api_error" } }))).toMatchObject({ fault: "caller" });
  });
});

describe("waits", () => {
  const now = Date.UTC(2026, 10, 22, 12);
  test.each<[string, Record<string, string>, unknown, number | null]>([
    ["ms headers first", { "retry-after-ms": "1500.2", "retry-after": "9" }, {}, 1501],
    ["what is unreadable is passed over", { "retry-after-ms": "soon", "retry-after": "9" }, {}, 9000],
    [
      "the server's clock for its dates",
      { "retry-after": "Sun, 22 Nov 2026 13:00:30 GMT", date: "Sun, 22 Nov 2026 13:00:00 GMT" },
      {},
      30_000,
    ],
    ["zero is no wait", { "retry-after": "0" }, { retry_after: 5 }, null],
    ["Google's delay", {}, { error: { details: [{ retryDelay: "1.5s" }] } }, 1500],
    ["a field in ms", {}, { retry_after_ms: 250, retry_after: 9 }, 250],
    ["a field in seconds", {}, { retry_after: "2" }, 2000],
    ["Telegram's field", {}, { parameters: { retry_after: 35 } }, 35_000],
    [
      "the empty bucket only",
      {
        "x-ratelimit-remaining-requests": "4",
        "x-ratelimit-reset-requests": "60s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "6m0s",
      },
      {},
      360_000,
    ],
    [
      "the longest of empty buckets",
      { "x-ratelimit-reset-requests": "120ms", "x-ratelimit-reset-tokens": "1d2h" },
      {},
      93_600_000,
    ],
    ["epoch seconds", { "x-ratelimit-reset": "1795348830" }, {}, 30_000],
    ["epoch ms", { "x-ratelimit-reset": "1795348830000" }, {}, 30_000],
    ["seconds from now", { "x-rate-limit-reset": "30" }, {}, 30_000],
    ["a date", { "anthropic-ratelimit-requests-reset": "2026-11-22T12:00:30Z" }, {}, 30_000],
    ["no reset that is unreadable", { "x-ratelimit-reset": "tomorrow" }, {}, null],
    [
      "resets that a gateway passed on in the body",
      {},
      { error: { metadata: { headers: { "X-RateLimit-Reset": "1795348830000" } } } },
      30_000,
    ],
    ["draft 7", { ratelimit: "limit=100, remaining=0, reset=37" }, {}, 37_000],
    ["draft 8, the empty policy", { ratelimit: '"a";r=5;t=9, "b";r=0;t=412' }, {}, 412_000],
    ["a message", {}, { message: "Please try again in 7m12.3s." }, 432_300],
    ["a message with words", {}, { message: "Rate limit exceeded, retry in 1 minute" }, 60_000],
    ["a message in ms", {}, { message: "please wait 250 milliseconds" }, 250],
    ["a message without a number", {}, { message: "Please wait before trying again" }, null],
    [
      "the cost of a query",
      {},
      {
        message: "m",
        extensions: { cost: { requestedQueryCost: 202, throttleStatus: { currentlyAvailable: 118, restoreRate: 50 } } },
      },
      1680,
    ],
  ])("%s", (_, headers, body, wait) => {
    expect(resolve(json(429, body, headers), { now })?.retryAfterMs).toBe(wait);
  });
  test("a page that names one in its text", () => {
    expect(
      resolve({ status: 502, body: "<html><title>502</title><p>Please try again in 30 seconds." })?.retryAfterMs,
    ).toBe(30_000);
  });
  test("none when retrying is pointless", () => {
    expect(resolve({ status: 400, headers: { "retry-after": "5" } })?.retryAfterMs).toBeNull();
  });
});

describe("headers", () => {
  test("are read from Headers, lists and numbers, in any case", () => {
    const wait = (headers: object): number | null | undefined =>
      resolve({ status: 429, headers: headers as Headers })?.retryAfterMs;
    expect(wait(new Headers({ "Retry-After": "3" }))).toBe(3000);
    expect(wait({ "Retry-After": ["3", "4"] })).toBe(4000);
    expect(wait({ "retry-after": 3 })).toBe(3000);
    expect(wait({ "retry-after": undefined, other: { not: "text" } })).toBeNull();
    expect(resolve({ status: 429, headers: null as unknown as Headers })?.kind).toBe("rate_limit");
  });
});

describe("formats", () => {
  test("gRPC-web in frames, in base64, with names for numbers only", () => {
    const frame = "\x80\0\0\0\x20grpc-status:8\r\ngrpc-message:x%20y\r\n";
    const binary = { status: 200, headers: { "content-type": "application/grpc-web+proto" }, body: frame };
    expect(resolve(binary)).toMatchObject({
      kind: "rate_limit",
      upstream: { code: "RESOURCE_EXHAUSTED", message: "x y" },
    });
    const base64 = { status: 200, headers: { "content-type": "application/grpc-web-text" }, body: btoa(frame) };
    expect(resolve(base64)?.upstream.code).toBe("RESOURCE_EXHAUSTED");
    expect(resolve({ status: 200, headers: { "content-type": "application/grpc" }, body: "\u2603" })).toBeNull();
    expect(resolve({ status: 200, headers: { "grpc-status": "14", "grpc-message": "100%" } })?.upstream.message).toBe(
      "100%",
    );
    expect(resolve({ status: 200, headers: { "grpc-status": "99" } })).toMatchObject({
      kind: "unknown",
      upstream: { code: null },
    });
  });
  test("bytes in any charset, also one that does not exist", () => {
    const body = new TextEncoder().encode('{"error":{"code":"bad_key","message":"é"}}');
    for (const charset of ["utf-8", "x-unknown"]) {
      const verdict = resolve({
        status: 401,
        headers: { "content-type": `application/json; charset=${charset}` },
        body,
      });
      expect(verdict?.upstream).toMatchObject({ code: "bad_key", message: "é" });
    }
    expect(resolve({ status: 401, body: body.buffer })?.upstream.code).toBe("bad_key");
  });
  test("a body that is parsed already", () => {
    expect(resolve({ status: 429, body: { error: { code: "insufficient_quota" } } })?.kind).toBe("quota_exhausted");
  });
  test("only the first 64 KiB are read", () => {
    const body = `${" ".repeat(65_536)}{"error":{"code":"insufficient_quota"}}`;
    expect(resolve({ status: 429, body })).toMatchObject({
      kind: "rate_limit",
      upstream: { code: null, message: null },
    });
  });
  test("an event that is cut off, of several lines, with a code beside the message", () => {
    const headers = { "content-type": "text/event-stream" };
    const cut = { status: 200, headers, body: 'event: error\ndata: {"code":"Throttling",\ndata: "message":"m"}' };
    expect(resolve(cut)).toMatchObject({ kind: "rate_limit", upstream: { code: "Throttling", message: "m" } });
    const flat = { status: 200, headers, body: 'data: {"type":"error","code":"server_error","message":"m"}\n\n' };
    expect(resolve(flat)).toMatchObject({ kind: "internal", retryable: true });
    const blank = { status: 200, headers, body: "event: error\n\n" };
    expect(resolve(blank)).toMatchObject({ kind: "upstream", retryable: true });
  });
  test("the last of several documents, whatever strings hold", () => {
    const body = '{"a":"}{\\"","error":null}\n[]\n{"error":{"code":"model_not_found","message":"m"}}';
    expect(resolve({ status: 200, body })?.kind).toBe("not_found");
  });
  test("a string that is no JSON, a guard before JSON, a page without a title", () => {
    expect(resolve({ status: 500, body: '"open' })?.upstream.message).toBe('"open');
    expect(resolve({ status: 403, body: ')]}\',\n{"error":{"code":"x_y"}}' })?.upstream.code).toBe("x_y");
    expect(resolve({ status: 503, body: "<html><h1>503 &amp; <b>gone</b>&#33;</h1>" })?.upstream.message).toBe(
      "503 & gone!",
    );
    expect(resolve({ status: 503, body: "<html><titles>x</titles><h1> </h1></html>" })?.upstream.message).toBe(null);
  });
  test("SOAP blames the caller with 500", () => {
    const body =
      "<?xml version='1.0'?><s:Envelope><s:Fault><faultcode>soap:Client</faultcode><faultstring>Bad</faultstring></s:Fault></s:Envelope>";
    expect(resolve({ status: 500, body })).toMatchObject({
      kind: "bad_request",
      retryable: false,
      upstream: { message: "Bad" },
    });
  });
});

describe("a catalog of one's own", () => {
  test("changes what a kind and a status say", () => {
    const own = extendCatalog(documented, {
      kinds: { rate_limit: { retryable: false } },
      statuses: { 503: { meaning: "We are closed" } },
    });
    const mine = createBaseResolver({ catalog: own });
    expect(mine({ status: 429 })?.retryable).toBe(false);
    expect(mine({ status: 503 })?.meaning).toBe("We are closed");
  });
  test("a status' own words count only when its kind is the verdict's", () => {
    expect(resolve({ status: 422 })?.status).toBe(422);
    expect(resolve(json(410, {}))?.meaning).toBe("The resource or model was retired");
    expect(resolve(json(410, { error: { code: "insufficient_quota" } }))?.meaning).toBe(
      "Quota or spending limit exhausted",
    );
  });
});

test.each(Object.values(documented.kinds))(
  "reads its own $type back as $kind",
  ({ kind, status, type, code, retryable }) => {
    const body = { error: { message: "m", type, code } };
    expect(resolve(json(status, body), { provider: "own" })).toMatchObject({ kind, retryable, upstream: { code } });
  },
);

test("a dialect of one's own is heard like any other", () => {
  const mine = createResolver({
    dialects: [
      ...allDialects,
      {
        name: "acme",
        headers: "x-acme",
        codes: {
          "internal-": "out_of_cheese ACME*",
          "rate_limit@": "wait_here",
          rate_limit: "*later",
          overloaded: "77 566",
        },
        messages: [["quota_exhausted", /^No more/]],
      },
    ],
  });
  const acme = { "x-acme": "1" };
  expect(mine(json(500, { code: "OutOfCheeseError" }))).toMatchObject({
    kind: "internal",
    retryable: false,
    provider: null,
  });
  expect(mine(json(500, { code: "ACME-12" }, acme))).toMatchObject({ retryable: false, provider: "acme" });
  expect(mine(json(500, { code: "ACME-12" }))?.retryable).toBe(true);
  expect(mine(json(400, { code: "wait_here" }, acme))?.kind).toBe("bad_request");
  expect(mine(json(400, { code: "wait_here" }, { ...acme, "retry-after": "1" }))?.kind).toBe("rate_limit");
  expect(mine(json(400, { code: "come-back-later-please" }, acme))?.kind).toBe("rate_limit");
  expect(mine(json(500, { code: 77 }, acme))?.kind).toBe("overloaded");
  expect(mine(json(566, {}, acme))?.evidence).toBe("acme status 566");
  expect(mine(json(403, { message: "No more cheese" }, acme))?.kind).toBe("quota_exhausted");
});

describe("what throws when looked at", () => {
  const trap = (): never => {
    throw new Error("do not look");
  };
  test("leaves the status to speak", () => {
    expect(resolve({ status: 503 }, null as never)?.kind).toBe("unavailable");
    expect(resolve({ status: 503 }, { provider: 7 as never })?.kind).toBe("unavailable");
    const outcome = {
      status: 503,
      get body() {
        return trap();
      },
    };
    expect(resolve(outcome)).toMatchObject({ kind: "unavailable", phase: "answered" });
  });
  test("is unknown when nothing is left", () => {
    for (const outcome of [
      null,
      7,
      new Proxy({}, { get: trap, has: trap }),
      {
        get status() {
          return trap();
        },
      },
    ]) {
      expect(resolve(outcome as never)).toMatchObject({ kind: "unknown", retryable: false, evidence: "unreadable" });
    }
    expect(resolve({ error: new Proxy(new Error("x"), { get: trap, getOwnPropertyDescriptor: trap }) })?.kind).toBe(
      "unknown",
    );
    expect(
      resolve({
        status: 599,
        get body() {
          return trap();
        },
      })?.kind,
    ).toBe("timeout");
    expect(
      resolve({
        status: 666,
        get body() {
          return trap();
        },
      })?.kind,
    ).toBe("unknown");
  });
  test("a body that leads back to itself ends", () => {
    const body: Record<string, unknown> = {};
    for (const key of ["error", "errors", "detail", "message", "response", "fault"]) body[key] = [body, body];
    expect(resolve({ status: 500, body })?.kind).toBe("internal");
  });
});

describe("a word in a code that nobody lists", () => {
  test.each([
    [400, "invalid_rate_limit_config", "bad_request"],
    [400, "throttle_setting_invalid", "bad_request"],
    [403, "busy_region", "permission"],
    [422, "capacity_reservation_invalid", "unprocessable"],
    [404, "quota_project_not_found", "not_found"],
    [400, "billing_address_invalid", "bad_request"],
    [409, "resource_busy", "conflict"],
  ])("does not turn a mistake of the caller into something else: %d %s is %s", (status, code, kind) => {
    expect(resolve(json(status, { error: { message: "m", code } }))).toMatchObject({ kind, retryable: false });
  });

  test.each([
    [500, "worker_busy", "overloaded"],
    [429, "daily_quota_reached", "quota_exhausted"],
    [400, "invalid_api_key_format", "authentication"],
  ])("speaks where the status is silent or agrees: %d %s is %s", (status, code, kind) => {
    expect(resolve(json(status, { error: { message: "m", code } }))).toMatchObject({ kind });
  });
});

test.each([
  ["ThrottlingException:http://internal.example.com/coral/", "ThrottlingException"],
  ["com.amazonaws.x#ThrottledException:http://internal.example.com/", "ThrottledException"],
  ["RequestLimitExceeded,http://internal.example.com", "RequestLimitExceeded"],
])("AWS puts a link behind a code: %s is %s", (type, code) => {
  for (const body of [{ __type: type }, { code: type.replace(/^.*#/, "") }]) {
    expect(resolve(json(400, body))).toMatchObject({ kind: "rate_limit", retryable: true, upstream: { code } });
  }
});

test("an empty id is none", () => {
  expect(resolve(json(400, { id: "", name: "", message: "m" }))?.upstream).toMatchObject({
    requestId: null,
    code: null,
  });
});

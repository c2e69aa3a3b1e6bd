import { describe, expect, test } from "vitest";
import { resolve } from "./resolve.ts";

function made(name: string, message: string, extra: object = {}, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  Object.defineProperty(error, "name", { value: name, configurable: true });
  return Object.assign(error, extra);
}

function fetchFailed(cause: unknown): TypeError {
  return new TypeError("fetch failed", { cause });
}

function coded(code: string, message = code): Error {
  return made("Error", message, { code });
}

function seen(error: unknown): string {
  const verdict = resolve({ error })!;
  return `${verdict.kind} ${verdict.retryable ? "retryable" : "final"} ${verdict.phase} ${verdict.upstream.code}`;
}

test.each(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"])(
  "%s while reading or writing came after something was sent",
  (code) => {
    const error = (syscall: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
    expect(resolve({ error: error("connect") })?.phase).toBe("unsent");
    expect(resolve({ error: error("read") })?.phase).toBe("unanswered");
    expect(resolve({ error: error("write") })?.phase).toBe("unanswered");
  },
);

describe("what never reached a server is unsent", () => {
  test.each([
    [fetchFailed(coded("ECONNREFUSED")), "network retryable unsent ECONNREFUSED"],
    [fetchFailed(coded("ENOTFOUND")), "network retryable unsent ENOTFOUND"],
    [fetchFailed(coded("EAI_AGAIN")), "network retryable unsent EAI_AGAIN"],
    [fetchFailed(coded("EHOSTUNREACH")), "network retryable unsent EHOSTUNREACH"],
    [fetchFailed(coded("ENETUNREACH")), "network retryable unsent ENETUNREACH"],
    [
      fetchFailed(new AggregateError([coded("ECONNREFUSED"), coded("ETIMEDOUT")], "")),
      "network retryable unsent ECONNREFUSED",
    ],
    [
      fetchFailed(made("ConnectTimeoutError", "x", { code: "UND_ERR_CONNECT_TIMEOUT" })),
      "timeout retryable unsent UND_ERR_CONNECT_TIMEOUT",
    ],
    [coded("ETIMEDOUT", "connect ETIMEDOUT 192.0.2.1:443"), "timeout retryable unsent ETIMEDOUT"],
    [
      made("TimeoutError", "Timeout awaiting 'secureConnect' for 5000ms", { code: "ETIMEDOUT" }),
      "timeout retryable unsent ETIMEDOUT",
    ],
    [
      coded("ECONNRESET", "Client network socket disconnected before secure TLS connection was established"),
      "network retryable unsent ECONNRESET",
    ],
    [
      coded("ERR_HTTP2_STREAM_ERROR", "Stream closed with error code NGHTTP2_REFUSED_STREAM"),
      "network retryable unsent ERR_HTTP2_STREAM_ERROR",
    ],
    [
      coded("ConnectionRefused", "Unable to connect. Is the computer able to access the url?"),
      "network retryable unsent ConnectionRefused",
    ],
    [coded("FailedToOpenSocket"), "network retryable unsent FailedToOpenSocket"],
    [
      new TypeError("error sending request for url (http://localhost:1/): client error (Connect)"),
      "network retryable unsent null",
    ],
    [fetchFailed(coded("DEPTH_ZERO_SELF_SIGNED_CERT")), "network final unsent DEPTH_ZERO_SELF_SIGNED_CERT"],
    [fetchFailed(coded("ERR_TLS_CERT_ALTNAME_INVALID")), "network final unsent ERR_TLS_CERT_ALTNAME_INVALID"],
    [fetchFailed(coded("ERR_SSL_WRONG_VERSION_NUMBER")), "network final unsent ERR_SSL_WRONG_VERSION_NUMBER"],
    [coded("EPROTO"), "network final unsent EPROTO"],
    [
      fetchFailed(made("InvalidArgumentError", "x", { code: "UND_ERR_INVALID_ARG" })),
      "bad_request final unsent UND_ERR_INVALID_ARG",
    ],
    [fetchFailed(new Error("bad port")), "bad_request final unsent null"],
    [
      made("NetworkError", "Request failed", {}, fetchFailed(new Error("unknown scheme"))),
      "bad_request final unsent null",
    ],
    [coded("ERR_UNSUPPORTED_PROTOCOL"), "bad_request final unsent ERR_UNSUPPORTED_PROTOCOL"],
  ])("%s", (error, verdict) => {
    expect(seen(error)).toBe(verdict);
  });
});

describe("what broke on the way is unanswered", () => {
  test.each([
    [coded("EPIPE"), "network retryable unanswered EPIPE"],
    [coded("ETIMEDOUT", "read ETIMEDOUT"), "timeout retryable unanswered ETIMEDOUT"],
    [coded("ESOCKETTIMEDOUT"), "timeout retryable unanswered ESOCKETTIMEDOUT"],
    [coded("UND_ERR_INFO", 'HTTP/2: "stream timeout after 300000"'), "timeout retryable unanswered UND_ERR_INFO"],
    [coded("ERR_HTTP2_GOAWAY_SESSION"), "network retryable unanswered ERR_HTTP2_GOAWAY_SESSION"],
    [
      made("ReadError", "x", { code: "ERR_HTTP_CONTENT_LENGTH_MISMATCH" }),
      "network retryable unanswered ERR_HTTP_CONTENT_LENGTH_MISMATCH",
    ],
    [
      coded("ConnectionClosed", "The socket connection was closed unexpectedly."),
      "network retryable unanswered ConnectionClosed",
    ],
    [made("ConnectionReset", "connection reset"), "network retryable unanswered null"],
    [
      new TypeError("terminated", { cause: made("SocketError", "other side closed", { code: "UND_ERR_SOCKET" }) }),
      "network retryable unanswered UND_ERR_SOCKET",
    ],
    [new TypeError("NetworkError when attempting to fetch resource."), "network retryable unanswered null"],
    [new TypeError("Network request failed"), "network retryable unanswered null"],
    [made("AxiosError", "Network Error", { code: "ERR_NETWORK" }), "network retryable unanswered ERR_NETWORK"],
    [
      made("AxiosError", "x", { code: "ERR_NETWORK" }, fetchFailed(coded("UND_ERR_HEADERS_TIMEOUT"))),
      "timeout retryable unanswered UND_ERR_HEADERS_TIMEOUT",
    ],
    [made("APIConnectionTimeoutError", "Request timed out."), "timeout retryable unanswered null"],
    [new DOMException("The operation was aborted due to timeout", "TimeoutError"), "timeout retryable unanswered null"],
    [
      fetchFailed(made("HTTPParserError", "Response does not match the HTTP/1.1 protocol")),
      "network final unanswered null",
    ],
    [fetchFailed(coded("UND_ERR_HEADERS_OVERFLOW")), "network final unanswered UND_ERR_HEADERS_OVERFLOW"],
    [new DOMException("This operation was aborted", "AbortError"), "client_closed final unanswered null"],
    [made("AbortError", "x", { code: "ABORT_ERR" }), "client_closed final unanswered ABORT_ERR"],
    [
      made("AI_RetryError", "Failed after 3 attempts", { lastError: coded("ECONNRESET") }),
      "network retryable unanswered ECONNRESET",
    ],
  ])("%s", (error, verdict) => {
    expect(seen(error)).toBe(verdict);
  });
});

test("a cancel of axios is a timeout when the reason of its signal is one", () => {
  const cancel = (reason: unknown): Error =>
    made("CanceledError", "canceled", { code: "ERR_CANCELED", config: { signal: AbortSignal.abort(reason) } });
  expect(seen(cancel(new DOMException("x", "TimeoutError")))).toBe("timeout retryable unanswered ERR_CANCELED");
  expect(seen(cancel(new DOMException("x", "AbortError")))).toBe("client_closed final unanswered ERR_CANCELED");
});

test("a success that was cut off is a network error, not an answer", () => {
  const cut = made("AxiosError", "stream has been aborted", {
    code: "ERR_BAD_RESPONSE",
    response: { status: 200, data: "" },
  });
  expect(seen(cut)).toBe("network retryable unanswered ERR_BAD_RESPONSE");
});

describe("an error that carries an answer is that answer", () => {
  const body = { error: { code: "insufficient_quota", message: "no money" } };
  test.each([
    ["axios", made("AxiosError", "x", { code: "ERR_BAD_REQUEST", response: { status: 429, headers: {}, data: body } })],
    ["ky", made("HTTPError", "x", { response: new Response("", { status: 429 }), data: body })],
    ["got", made("HTTPError", "x", { response: { statusCode: 429, headers: {}, body: JSON.stringify(body) } })],
    ["the OpenAI SDK", made("Error", "429 no money", { status: 429, headers: new Headers(), ...body })],
    [
      "the AI SDK",
      made("AI_APICallError", "x", { statusCode: 429, responseHeaders: {}, responseBody: JSON.stringify(body) }),
    ],
    ["an SDK with the body in its message", made("ApiError", JSON.stringify(body), { status: 429 })],
  ])("of %s", (_, error) => {
    expect(seen(error)).toBe("quota_exhausted final answered insufficient_quota");
    expect(resolve({ error })).toMatchObject({ upstream: { status: 429, message: "no money" } });
  });

  test("of the AWS SDK, whose name is the code", () => {
    const error = made("ThrottlingException", "Too many", { $metadata: { httpStatusCode: 400, requestId: "q1" } });
    expect(seen(error)).toBe("rate_limit retryable answered ThrottlingException");
    expect(resolve({ error })?.upstream.requestId).toBe("q1");
  });

  test("of an SDK that read an error event and knows no status", () => {
    const event = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    expect(seen(made("Error", "x", { status: undefined, error: event }))).toBe(
      "overloaded retryable answered overloaded_error",
    );
  });

  test("with its headers, and without a body that is still a stream", () => {
    const response = new Response("unread", { status: 503, headers: { "retry-after": "3" } });
    expect(resolve({ error: made("HTTPError", "x", { response }) })).toMatchObject({
      kind: "unavailable",
      retryAfterMs: 3000,
    });
  });
});

test("an error that carries a verdict keeps it", () => {
  const verdict = resolve({ status: 503 })!;
  expect(resolve({ error: made("FailwellError", "x", { verdict }) })).toBe(verdict);
});

test.each([
  ["boom", "boom"],
  [42, "42"],
  [undefined, null],
  [null, null],
  [Symbol("s"), "Symbol(s)"],
  [10n, "10"],
  [{ message: "plain" }, "plain"],
  [made("Error", "outer", {}, "inner text"), "inner text"],
])("%s, thrown, is unknown with what text it has", (error, message) => {
  const verdict = resolve({ error })!;
  expect(verdict).toMatchObject({ kind: "unknown", retryable: false, upstream: { status: null, code: null, message } });
});

test("a cause that leads back to itself ends", () => {
  const error = new Error("wrapper");
  error.cause = fetchFailed(error);
  expect(resolve({ error })).toMatchObject({ kind: "network", upstream: { message: "fetch failed" } });
});

test("evidence holds no more of a message than the words that are known", () => {
  const error = new TypeError("NetworkError when attempting to fetch https://secret.example/v1?key=1");
  expect(resolve({ error })?.evidence).toBe("thrown message NetworkError");
});

test("says which rule decided", () => {
  expect(resolve({ error: fetchFailed(coded("ECONNRESET")) })?.evidence).toBe("thrown ECONNRESET");
  expect(resolve({ error: new TypeError("Load failed") })?.evidence).toBe("thrown message Load failed");
  expect(resolve({ error: new Error("x", { cause: coded("EAI_AGAIN") }) })?.evidence).toBe("thrown EAI_AGAIN");
  expect(resolve({ error: 42 })?.evidence).toBe("thrown number");
});

import { describe, expect, test } from "vitest";
import { catalog, documented, extendCatalog } from "./catalog.ts";
import { entryOf, type Kind } from "./kinds.ts";

describe("the documented statuses", () => {
  test.each<[number, Kind, boolean, string, string, string]>([
    [
      400,
      "bad_request",
      false,
      "Bad Request",
      "Invalid request body, missing field, unsupported parameter, or policy-blocked prompt",
      "Validate JSON and required fields",
    ],
    [
      401,
      "authentication",
      false,
      "Unauthorized",
      "Missing or invalid API key",
      "Check the Authorization header or compatible auth field",
    ],
    [
      403,
      "permission",
      false,
      "Forbidden",
      "The key is valid, but the model is not available to the account",
      "Use an available model id, or update plan or access",
    ],
    [
      404,
      "not_found",
      false,
      "Not Found",
      "Wrong path or unknown model",
      "Check the endpoint URL and copy the model id from /v1/models",
    ],
    [405, "method_not_allowed", false, "Method Not Allowed", "Method not allowed", "Use the documented HTTP method"],
    [
      429,
      "rate_limit",
      true,
      "Too Many Requests",
      "Rate limit or quota exhausted",
      "Wait, reduce request size, or check quota",
    ],
    [
      499,
      "client_closed",
      false,
      "Client Closed Request",
      "Client disconnected before the server finished",
      "Keep the connection open; use longer client timeouts for long video requests",
    ],
    [
      500,
      "internal",
      true,
      "Internal Server Error",
      "Internal server error",
      "Retry later, or contact support with request details",
    ],
    [
      502,
      "upstream",
      true,
      "Bad Gateway",
      "Upstream provider failed, or no provider succeeded",
      "Retry, or use another available model",
    ],
    [503, "unavailable", true, "Service Unavailable", "Temporary service or quota backend issue", "Retry with backoff"],
  ])("%i is %s, retryable %s", (status, kind, retryable, code, meaning, action) => {
    for (const one of [documented, catalog]) {
      expect(entryOf(status, one)).toMatchObject({ status, kind, retryable, code, meaning, action });
    }
  });
});

describe("every other status", () => {
  test.each<[number, Kind, boolean]>([
    [402, "payment_required", false],
    [406, "bad_request", false],
    [407, "authentication", false],
    [408, "timeout", true],
    [409, "conflict", false],
    [410, "not_found", false],
    [411, "bad_request", false],
    [412, "bad_request", false],
    [413, "payload_too_large", false],
    [414, "bad_request", false],
    [415, "bad_request", false],
    [416, "bad_request", false],
    [418, "unknown", false],
    [421, "bad_request", false],
    [422, "unprocessable", false],
    [423, "conflict", false],
    [424, "upstream", true],
    [425, "unavailable", true],
    [426, "bad_request", false],
    [428, "bad_request", false],
    [431, "bad_request", false],
    [451, "permission", false],
    [460, "client_closed", false],
    [498, "authentication", false],
    [501, "bad_request", false],
    [504, "timeout", true],
    [505, "bad_request", false],
    [507, "internal", false],
    [508, "internal", false],
    [511, "authentication", false],
    [520, "upstream", true],
    [521, "upstream", true],
    [522, "timeout", true],
    [523, "upstream", true],
    [524, "timeout", true],
    [525, "upstream", false],
    [526, "upstream", false],
    [527, "upstream", true],
    [529, "overloaded", true],
    [530, "upstream", true],
    [598, "timeout", true],
    [599, "timeout", true],
    // Unknown ones are what the first of their class is.
    [444, "bad_request", false],
    [555, "internal", true],
    [600, "internal", true],
  ])("%i is %s, retryable %s", (status, kind, retryable) => {
    expect(entryOf(status, catalog)).toMatchObject({ kind, retryable });
  });

  test("what is no error has no entry", () => {
    for (const status of [100, 200, 204, 304, 399]) expect(entryOf(status, catalog)).toBeNull();
  });

  test("each has words for people, a type and a phrase", () => {
    for (const entry of [...Object.values(catalog.statuses), ...Object.values(catalog.kinds)]) {
      expect(entry.meaning.length).toBeGreaterThan(10);
      expect(entry.action.length).toBeGreaterThan(10);
      expect(entry.type).toMatch(/^[a-z_]+_error$/);
      expect(entry.code).toMatch(/^[A-Z]/);
    }
  });

  test("each kind has a type of its own, so that a client reads back what the server meant", () => {
    const types = Object.values(catalog.kinds).map(({ type }) => type);
    expect(types).toHaveLength(21);
    expect(new Set(types).size).toBe(21);
  });
});

describe("extending", () => {
  test("makes a new catalog and leaves the other as it is", () => {
    const before = JSON.stringify(catalog);
    const own = extendCatalog(catalog, {
      kinds: { rate_limit: { action: "Buy the larger plan" } },
      statuses: { 498: { kind: "overloaded", code: "Capacity Exceeded" }, 418: { retryable: true } },
    });
    expect(JSON.stringify(catalog)).toBe(before);
    expect(entryOf(498, own)).toMatchObject({
      status: 498,
      kind: "overloaded",
      retryable: true,
      code: "Capacity Exceeded",
      type: "overloaded_error",
    });
    expect(entryOf(418, own)).toMatchObject({ kind: "unknown", retryable: true });
    expect(own.kinds.rate_limit.action).toBe("Buy the larger plan");
  });

  test("a status that speaks through its kind follows the kind's change", () => {
    const own = extendCatalog(documented, { kinds: { rate_limit: { action: "Wait" } } });
    expect(entryOf(429, own)?.action).toBe("Wait");
    expect(entryOf(503, own)).toBe(documented.kinds.unavailable);
  });

  test("a status that is new takes what it leaves out from its kind", () => {
    const own = extendCatalog(documented, { statuses: { 599: { kind: "timeout" } } });
    expect(entryOf(599, own)).toMatchObject({ status: 599, kind: "timeout", retryable: true, code: "Gateway Timeout" });
  });

  test.each([
    [{ statuses: { 99: { kind: "timeout" } } }, "status must be between 100 and 599, got 99"],
    [{ statuses: { 600: { kind: "timeout" } } }, "status must be between 100 and 599, got 600"],
    [{ statuses: { 470: {} } }, "status 470 needs the name of its kind, got undefined"],
    [{ statuses: { 470: { kind: "broken" } } }, "status 470 needs the name of its kind, got broken"],
    [{ kinds: { broken: {} } }, 'kind "broken" is not one of the 21 kinds'],
  ])("%j is refused", (changes, message) => {
    expect(() => extendCatalog(documented, changes as never)).toThrow(new RangeError(message));
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Kind } from "../catalog/kinds.ts";
import { fromWire } from "./from-wire.ts";
import { catalog } from "../catalog/catalog.ts";
import { verdictOf } from "./wire.fixture.ts";
import { toWire, type WireDialect } from "./to-wire.ts";

const numRuns = Number(process.env["FUZZ_RUNS"] ?? 2000);

describe("what is written is read back", () => {
  // Kind, then the type and code in OpenAI's dialect, the type in Anthropic's, and the kind read out of that.
  test.each<[Kind, string, string | null, string, Kind]>([
    ["bad_request", "invalid_request_error", null, "invalid_request_error", "bad_request"],
    ["authentication", "invalid_request_error", "invalid_api_key", "authentication_error", "authentication"],
    ["payment_required", "billing_not_active", "billing_not_active", "billing_error", "payment_required"],
    ["permission", "invalid_request_error", "insufficient_permissions", "permission_error", "permission"],
    ["not_found", "invalid_request_error", "model_not_found", "not_found_error", "not_found"],
    ["method_not_allowed", "invalid_request_error", "method_not_supported", "invalid_request_error", "bad_request"],
    ["conflict", "invalid_request_error", "conflict", "invalid_request_error", "bad_request"],
    ["payload_too_large", "invalid_request_error", "request_too_large", "request_too_large", "payload_too_large"],
    ["unprocessable", "invalid_request_error", "unprocessable_entity", "invalid_request_error", "bad_request"],
    ["rate_limit", "rate_limit_error", "rate_limit_exceeded", "rate_limit_error", "rate_limit"],
    ["quota_exhausted", "insufficient_quota", "insufficient_quota", "billing_error", "payment_required"],
    ["content_policy", "invalid_request_error", "content_policy_violation", "invalid_request_error", "bad_request"],
    ["context_length", "invalid_request_error", "context_length_exceeded", "invalid_request_error", "bad_request"],
    ["client_closed", "invalid_request_error", "client_closed_request", "invalid_request_error", "bad_request"],
    ["timeout", "server_error", "request_timeout", "timeout_error", "timeout"],
    ["internal", "server_error", "server_error", "api_error", "internal"],
    ["upstream", "server_error", "upstream_error", "api_error", "internal"],
    ["overloaded", "service_unavailable_error", "server_is_overloaded", "overloaded_error", "overloaded"],
    ["unavailable", "service_unavailable_error", "service_unavailable", "overloaded_error", "overloaded"],
    ["network", "server_error", "connection_error", "api_error", "internal"],
    ["unknown", "server_error", "unknown_error", "api_error", "internal"],
  ])("%s", (kind, openaiType, openaiCode, anthropicType, anthropicKind) => {
    const verdict = verdictOf(kind);
    const options = { errorId: "err_1", message: "it failed" };
    const said = { message: "it failed", errorId: "err_1" };
    const { status } = verdict;

    const failwell = toWire(verdict, options);
    expect(fromWire(failwell.body)).toMatchObject({ ...said, dialect: "failwell", kind });
    const openai = toWire(verdict, { ...options, dialect: "openai" });
    expect(openai.body.error).toMatchObject({ type: openaiType, code: openaiCode });
    expect(fromWire(openai.body)).toMatchObject({ ...said, dialect: "openai", kind });
    const anthropic = toWire(verdict, { ...options, dialect: "anthropic" });
    expect(anthropic.body.error.type).toBe(anthropicType);
    expect(fromWire(anthropic.body)).toMatchObject({ ...said, dialect: "anthropic", kind: anthropicKind });
    const problem = toWire(verdict, { ...options, dialect: "problem" });
    expect(fromWire(problem.body)).toMatchObject({ ...said, dialect: "problem", kind, status });
  });

  test("message, both ids and the wait, whatever they are", () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,128}$/);
    const words = fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){0,9}$/);
    const kinds = fc.constantFrom(...(Object.keys(catalog.kinds) as Kind[]));
    const dialects = fc.constantFrom<WireDialect>("failwell", "openai", "anthropic", "problem");
    fc.assert(
      fc.property(
        kinds,
        dialects,
        id,
        id,
        words,
        fc.nat({ max: 1e6 }),
        (kind, dialect, errorId, requestId, message, seconds) => {
          const verdict = verdictOf(kind, { retryAfterMs: (seconds + 1) * 1000 });
          const { body, headers } = toWire(verdict, { dialect, errorId, requestId, message });
          const read = fromWire(new TextEncoder().encode(JSON.stringify(body)));
          expect(read).toMatchObject({ dialect, errorId, message });
          expect(read?.requestId).toBe(dialect === "anthropic" ? requestId : null);
          expect(read?.retryAfterMs).toBe(dialect === "problem" ? verdict.retryAfterMs : null);
          expect(headers["retry-after"]).toBe(String(seconds + 1));
        },
      ),
      { numRuns },
    );
  });
});

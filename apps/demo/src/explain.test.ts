import { type Attempt, TimeoutError } from "@failwell/fetch";
import { resolve } from "@failwell/core";
import { expect, test } from "vitest";
import type { Call } from "./call.ts";
import { explain } from "./explain.ts";
import { recordedAnswer } from "./recorded.ts";

const attempt: Attempt = {
  number: 1,
  startedMs: 0,
  elapsedMs: 60,
  status: 429,
  phase: "answered",
  kind: "rate_limit",
  evidence: "status 429",
  retryAfterMs: 37_000,
  requestId: "req_011CcR9r7znh7DZb3RdjMUHy",
  waitMs: 38_600,
  stop: null,
};

test("an answer is explained from the request to what a gateway would say, redacted", () => {
  const { status, headers, body } = recordedAnswer("anthropic-429-itpm");
  const verdict = { ...resolve({ status, headers, body })!, provider: "anthropic" };
  const second: Attempt = { ...attempt, number: 2, startedMs: 38_660, waitMs: null, stop: "attempts" };
  const call: Call = {
    method: "POST",
    url: "http://127.0.0.1:8080/demo/v1/messages?key=secret",
    attempts: [attempt, second],
    events: [],
    verdict,
    status,
    body,
    error: null,
  };
  expect(explain(call, 80)).toBe(
    `
request     POST http://127.0.0.1:8080/demo/v1/messages
attempts    1. at 0:00.0: 429 after 60 ms, rate_limit by status 429
            hint 37 s, request id req_011CcR9r7znh7DZb3RdjMUHy, then waited 39 s
            2. at 0:38.7: 429 after 60 ms, rate_limit by status 429
            hint 37 s, request id req_011CcR9r7znh7DZb3RdjMUHy, then stop:
            attempts
verdict     rate_limit, fault: quota; retryable, not before 37 s
meaning     Rate limit or quota exhausted
action      Wait, reduce request size, or check quota
raw         anthropic wrote, redacted:
            This request would exceed your organization's rate limit of 40,000
            input tokens per minute (org: [org], model:
            claude-sonnet-4-5-20250929). For details, refer to:
            https://docs.claude.com/en/api/rate-limits. You can see the response
            headers for current usage. Please reduce the prompt length or the
            maximum tokens requested, or try again later. You may also contact
            sales at https://www.anthropic.com/contact-sales to discuss your
            options for a rate limit increase.
redacted    1 × [org]
caller got  the last response as it came: status 429, a body of 619 characters
            still to be read
a gateway   would answer its own client, with its own reference and nothing of
            the provider's text:
            HTTP/1.1 429 Too Many Requests
            content-type: application/json
            cache-control: no-store
            x-content-type-options: nosniff
            x-should-retry: true
            retry-after: 37
            x-error-id: err_7f3a9c
            {"error":{"message":"Rate limit or quota
            exhausted","type":"rate_limit_error","code":"Too Many
            Requests","error_id":"err_7f3a9c"}}
`.trim(),
  );
});

test("an error is explained in its own words", () => {
  const error = new TimeoutError("attempt", { limitMs: 60_000, elapsedMs: 60_012, phase: "unanswered" });
  const timeout: Attempt = {
    ...attempt,
    elapsedMs: 60_012,
    status: null,
    kind: "timeout",
    evidence: "timer attempt",
    retryAfterMs: null,
    requestId: null,
    waitMs: null,
    stop: "unsafe_replay",
  };
  const call: Call = {
    method: "POST",
    url: "http://127.0.0.1:8080/v1/video/generations",
    attempts: [timeout],
    events: [],
    verdict: error.verdict,
    status: null,
    body: null,
    error,
  };
  const lines = explain(call, 120).split("\n");
  expect(lines.slice(1, 3)).toEqual([
    "attempts    1. at 0:00.0: timeout after 1 min, timeout by timer attempt",
    "            then stop: unsafe_replay",
  ]);
  expect(lines).toContain(
    "caller got  TimeoutError (attempt): no answer within 60000 ms (attempt timeout of the policy)",
  );
});

import type { HttpPolicy } from "../http/policy.ts";
import { constant } from "../retry/backoff.ts";
import type { StopReason } from "../retry/decide.ts";
import type { Phase } from "../verdict.ts";
import type { ContractCall, ScriptedAnswer } from "./client-stage.ts";

/** A rule that is a script, a call and what must come of it, the same on every client. */
export interface ClientRule {
  readonly name: string;
  readonly script: readonly ScriptedAnswer[] | "refused";
  readonly call?: Partial<ContractCall>;
  readonly policy?: HttpPolicy<never>;
  readonly requests: number;
  readonly stop: StopReason;
  /** Of the answer in the end; absent when the call ends without one. */
  readonly status?: number;
  /** Of the last failure; absent for a success. */
  readonly kind?: string;
  readonly phase?: Phase;
  readonly retryAfterMs?: number | null;
  readonly body?: string;
}

const ok: ScriptedAnswer = { status: 200, body: "fine" };
const json = { "content-type": "application/json" };
const failing = (status: number, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer => ({
  status,
  headers,
});
const post = { method: "POST", body: '{"prompt":"a cat"}' } as const;
const recovered = { requests: 2, stop: "settled", status: 200, body: "fine" } as const;
const quota =
  '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}';

/** The rules that need no more than a script. */
export const clientRules: readonly ClientRule[] = [
  { name: "a success costs one request", script: [ok], requests: 1, stop: "settled", status: 200, body: "fine" },
  ...[408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529].map((status) => ({
    name: `${status} is asked again`,
    script: [failing(status), ok],
    ...recovered,
  })),
  ...(
    [
      [400, "bad_request"],
      [401, "authentication"],
      [403, "permission"],
      [404, "not_found"],
      [501, "internal"],
      [505, "internal"],
    ] as const
  ).map(([status, kind]): ClientRule => ({
    name: `${status} costs one request`,
    script: [failing(status), ok],
    requests: 1,
    stop: "fatal",
    status,
    ...(status < 500 && { kind }),
    phase: "answered",
  })),
  {
    name: "a 429 that says that the money is gone costs one request, and its body can be read",
    script: [{ status: 429, headers: json, body: quota }, ok],
    call: post,
    requests: 1,
    stop: "fatal",
    status: 429,
    kind: "quota_exhausted",
    body: quota,
  },
  {
    name: "x-should-retry: false is obeyed",
    script: [failing(503, { "x-should-retry": "false" }), ok],
    requests: 1,
    stop: "fatal",
    status: 503,
    kind: "unavailable",
  },
  {
    name: "after three failures the last answer comes out, with its body",
    script: [
      { status: 503, body: "first" },
      { status: 502, body: "second" },
      { status: 500, body: "third" },
    ],
    requests: 3,
    stop: "attempts",
    status: 500,
    kind: "internal",
    body: "third",
  },
  ...["0", "Sun, 06 Nov 1994 08:49:37 GMT", "soon", "-3", "0x10"].map((value) => ({
    name: `a Retry-After of ${value} switches nothing off`,
    script: [failing(503, { "retry-after": value }), ok],
    ...recovered,
  })),
  {
    name: "a Retry-After of days makes no second request, and is passed on",
    script: [failing(429, { "retry-after": "9999999" }), ok],
    requests: 1,
    stop: "deadline",
    status: 429,
    kind: "rate_limit",
    retryAfterMs: 9_999_999_000,
  },
  {
    name: "a Retry-After of 120 s is not shortened: nothing is sent again, and the hint is passed on",
    script: [failing(429, { "retry-after": "120" }), ok],
    requests: 1,
    stop: "deadline",
    status: 429,
    retryAfterMs: 120_000,
  },
  { name: "a GET whose connection is reset is sent again", script: [{ instead: "reset" }, ok], ...recovered },
  {
    name: "a GET whose connection is closed without an answer is sent again",
    script: [{ instead: "close" }, ok],
    ...recovered,
  },
  {
    name: "a GET whose answer is cut off in its body is sent again",
    script: [{ status: 200, body: "fi", cut: true }, ok],
    ...recovered,
  },
  {
    name: "an answer that is always cut off is no success",
    script: [{ status: 200, body: "fi", cut: true }],
    requests: 3,
    stop: "attempts",
    kind: "network",
    phase: "unanswered",
  },
  ...(["reset", "close"] as const).map((instead): ClientRule => ({
    name: `a POST whose connection is ${instead === "reset" ? "reset" : "closed"} after it was sent is not sent again`,
    script: [{ instead }, ok],
    call: post,
    requests: 1,
    stop: "unsafe_replay",
    kind: "network",
    phase: "unanswered",
  })),
  {
    name: "a POST whose answer is cut off in its body is not sent again",
    script: [{ status: 200, body: "fi", cut: true }, ok],
    call: post,
    requests: 1,
    stop: "unsafe_replay",
    kind: "network",
    phase: "unanswered",
  },
  {
    name: "a POST that nobody took is tried three times",
    script: "refused",
    call: post,
    requests: 0,
    stop: "attempts",
    kind: "network",
    phase: "unsent",
  },
  { name: "a POST that was answered with 503 is sent again", script: [failing(503), ok], call: post, ...recovered },
  {
    name: "an error is that error, also when its body is cut off",
    script: [{ status: 503, body: "do", cut: true }, ok],
    call: post,
    ...recovered,
  },
  {
    name: "a POST that was redirected, and whose redirect ends in an error, is not sent again",
    script: [failing(303, { location: "/behind" }), failing(503), ok],
    call: post,
    requests: 2,
    stop: "unsafe_replay",
    status: 503,
  },
  {
    name: "a POST that was sent on, and answered there with 503, is sent again",
    script: [failing(307, { location: "/behind" }), failing(503), ok],
    call: post,
    requests: 3,
    stop: "settled",
    status: 200,
    body: "fine",
  },
  {
    name: "a GET that was redirected, and whose redirect ends in an error, is",
    script: [failing(307, { location: "/behind" }), failing(503), ok],
    requests: 3,
    stop: "settled",
    status: 200,
    body: "fine",
  },
  {
    name: "a POST with an empty idempotency key has none",
    script: [{ instead: "reset" }, ok],
    call: { ...post, headers: { "Idempotency-Key": "" } },
    policy: { idempotencyKey: () => "" },
    requests: 1,
    stop: "unsafe_replay",
    kind: "network",
  },
  {
    name: "a POST that was answered with 504 is not sent again",
    script: [failing(504), ok],
    call: post,
    requests: 1,
    stop: "unsafe_replay",
    status: 504,
    kind: "timeout",
  },
  {
    name: "replay proven repeats a POST after 503, and not after 500",
    script: [failing(503), failing(500), ok],
    call: post,
    policy: { retry: { replay: "proven", backoff: constant(1) } },
    requests: 2,
    stop: "unsafe_replay",
    status: 500,
  },
  {
    name: "a POST with an idempotency key is sent again after a reset",
    script: [{ instead: "reset" }, ok],
    call: { ...post, headers: { "Idempotency-Key": "mine" } },
    ...recovered,
  },
  {
    name: "a stream is never sent again, and never sent empty",
    script: [failing(503), ok],
    call: { method: "PUT", body: "a stream", stream: true },
    requests: 1,
    stop: "body_not_replayable",
    status: 503,
  },
  {
    name: "a silent server ends an attempt, and the next one has a timer of its own",
    script: [{ instead: "silence" }, ok],
    policy: { timeouts: { attempt: 250 } },
    ...recovered,
  },
  {
    name: "after a 503, too, a silent server ends an attempt",
    script: [failing(503), { instead: "silence" }],
    policy: { timeouts: { attempt: 60 } },
    requests: 3,
    stop: "attempts",
    kind: "timeout",
    phase: "unanswered",
  },
  {
    name: "a POST to a silent server is not sent again",
    script: [{ instead: "silence" }, ok],
    call: post,
    policy: { timeouts: { attempt: 60 } },
    requests: 1,
    stop: "unsafe_replay",
    kind: "timeout",
    phase: "unanswered",
  },
  {
    name: "a wait is not ended by the timer of the attempt before it",
    script: [{ instead: "silence" }, ok],
    policy: { timeouts: { attempt: 200 }, retry: { backoff: constant(400) } },
    ...recovered,
  },
  {
    name: "a body that stalls ends the attempt, which is made again",
    script: [{ status: 200, body: "fi", stall: true }, ok],
    policy: { timeouts: { idle: 100 } },
    ...recovered,
  },
  {
    name: "a body that trickles for ever ends at the deadline",
    script: [{ status: 200, body: "x", dripMs: 40 }],
    policy: { timeouts: { attempt: 300, idle: 300, deadline: 400 } },
    requests: 1,
    stop: "deadline",
    kind: "timeout",
  },
  {
    name: "a slow body is no silence: the time to the headers does not limit it",
    script: [{ status: 200, body: "x", dripMs: 40 }],
    policy: { timeouts: { attempt: 300, idle: 300, deadline: 800 } },
    requests: 1,
    stop: "deadline",
    kind: "timeout",
  },
  {
    name: "a wait that does not fit into the deadline is not begun: the last answer comes out",
    script: [failing(503), ok],
    policy: { timeouts: { deadline: 300 }, retry: { backoff: constant(1000) } },
    requests: 1,
    stop: "deadline",
    status: 503,
    kind: "unavailable",
  },
  {
    name: "an error body that never ends is let go, and the call is made again",
    script: [{ status: 503, body: "still failing\n", dripMs: 20 }, ok],
    ...recovered,
  },
];

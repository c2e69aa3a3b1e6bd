import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constant, exponential } from "./backoff.ts";
import type { Kind } from "../catalog/kinds.ts";
import { decide, type Decision, type Replay, type Replayability, type RetryRules, type Standing } from "./decide.ts";
import { localVerdict } from "./errors.ts";
import type { Phase, Verdict } from "../verdict.ts";

const rules: RetryRules = { maxAttempts: 3, backoff: constant(100), replay: "documented", maxRetryAfter: 60_000 };
const standing: Standing = { attempt: 1, remaining: Infinity, previousWait: 0, random: () => 0 };
const get: Replayability = { idempotent: true, keyed: false, replayable: true };
const post: Replayability = { idempotent: false, keyed: false, replayable: true };

function verdict(
  kind: Kind,
  {
    phase = "answered",
    retryable = true,
    retryAfterMs = null,
  }: { phase?: Phase; retryable?: boolean; retryAfterMs?: number | null } = {},
): Verdict {
  return localVerdict(kind, phase, "test", retryable, retryAfterMs);
}

function reason(decision: Decision): string {
  return decision.kind === "stop" ? decision.reason : `retry in ${decision.waitMs} ms`;
}

describe("without a question of replay", () => {
  test("a success is settled", () => {
    expect(reason(decide(null, standing, rules, get))).toBe("settled");
  });

  test("what is not retryable is fatal", () => {
    expect(reason(decide(verdict("bad_request", { retryable: false }), standing, rules, get))).toBe("fatal");
  });

  test("the last attempt is the last: maxAttempts counts calls, not retries", () => {
    expect(reason(decide(verdict("internal"), { ...standing, attempt: 2 }, rules, get))).toBe("retry in 100 ms");
    expect(reason(decide(verdict("internal"), { ...standing, attempt: 3 }, rules, get))).toBe("attempts");
  });

  test("a wait that does not fit before the deadline is not begun", () => {
    expect(reason(decide(verdict("internal"), { ...standing, remaining: 101 }, rules, get))).toBe("retry in 100 ms");
    expect(reason(decide(verdict("internal"), { ...standing, remaining: 100 }, rules, get))).toBe("deadline");
  });

  test("the backoff is told the retry, the wait before, and the random numbers", () => {
    const backoff = (retry: number, previous: number, random: () => number): number =>
      retry * 1000 + previous + random();
    const where = { ...standing, attempt: 2, previousWait: 30, random: () => 0.5 };
    expect(reason(decide(verdict("internal"), where, { ...rules, backoff }, get))).toBe("retry in 2030.5 ms");
  });
});

describe("a hint of the server", () => {
  const hinted = verdict("rate_limit", { retryAfterMs: 5000 });

  test("is never undercut, whatever the backoff and the random numbers say", () => {
    for (const u of [0, 0.001, 0.5, 0.999]) {
      const decision = decide(hinted, { ...standing, random: () => u }, { ...rules, backoff: exponential() }, get);
      expect(decision).toMatchObject({ kind: "retry" });
      expect((decision as { waitMs: number }).waitMs).toBeGreaterThanOrEqual(5000);
    }
  });

  test("is never undercut for any hint, backoff, deadline and random number, and no wait reaches the deadline", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.double({ min: 1, max: 1e12, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retryAfterMs, backoff, remaining, u) => {
          const where = { ...standing, remaining, random: () => u };
          const own = { ...rules, backoff: constant(backoff), maxRetryAfter: Infinity };
          const decision = decide(verdict("rate_limit", { retryAfterMs }), where, own, get);
          if (decision.kind === "stop")
            expect(Math.max(retryAfterMs, backoff)).toBeGreaterThanOrEqual(Math.floor(remaining));
          else {
            expect(decision.waitMs).toBeGreaterThanOrEqual(Math.max(retryAfterMs, backoff));
            expect(decision.waitMs).toBeLessThan(remaining);
          }
        },
      ),
    );
  });

  test("is spread to the later side only, by a tenth of itself and one second", () => {
    // 5000 + 0.5 * (500 + 1000)
    expect(reason(decide(hinted, { ...standing, random: () => 0.5 }, rules, get))).toBe("retry in 5750 ms");
  });

  test("is not spread beyond the deadline", () => {
    // 5000 + 0.5 * (5400 - 5000) / 2: half of what is left stays for the attempt
    expect(reason(decide(hinted, { ...standing, remaining: 5400, random: () => 0.5 }, rules, get))).toBe(
      "retry in 5100 ms",
    );
  });

  test("gives way to a backoff that waits longer", () => {
    expect(reason(decide(hinted, standing, { ...rules, backoff: constant(9000) }, get))).toBe("retry in 9000 ms");
  });

  test("beyond the cap ends the call instead of being shortened", () => {
    expect(reason(decide(hinted, standing, { ...rules, maxRetryAfter: 4999 }, get))).toBe("deadline");
  });

  test("beyond the deadline ends the call", () => {
    expect(reason(decide(hinted, { ...standing, remaining: 5000 }, rules, get))).toBe("deadline");
  });

  test("counts on every retryable kind, not only on 429 and 503", () => {
    expect(reason(decide(verdict("timeout", { retryAfterMs: 7000 }), standing, rules, get))).toBe("retry in 7000 ms");
  });
});

describe("replay of a request that is not idempotent", () => {
  const cases: [Kind, Phase, Replay, boolean][] = [
    // Never sent: nothing can have been done.
    ["network", "unsent", "documented", true],
    ["network", "unsent", "proven", true],
    ["timeout", "unsent", "proven", true],
    // Sent, and no answer: it may have been done.
    ["network", "unanswered", "documented", false],
    ["network", "unanswered", "proven", false],
    ["timeout", "unanswered", "documented", false],
    // A 504 is a gateway that had no answer either.
    ["timeout", "answered", "documented", false],
    ["timeout", "answered", "proven", false],
    // Answered: the documented table retries them, the proven rule only what was not begun.
    ["internal", "answered", "documented", true],
    ["upstream", "answered", "documented", true],
    ["internal", "answered", "proven", false],
    ["upstream", "answered", "proven", false],
    ["rate_limit", "answered", "proven", true],
    ["overloaded", "answered", "proven", true],
    ["unavailable", "answered", "proven", true],
    // The caller's word.
    ["network", "unanswered", "always", true],
    ["timeout", "answered", "always", true],
  ];

  test.each(cases)("%s, %s, under %s: %s", (kind, phase, replay, allowed) => {
    const decision = decide(verdict(kind, { phase }), standing, { ...rules, replay }, post);
    expect(reason(decision)).toBe(allowed ? "retry in 100 ms" : "unsafe_replay");
  });

  test.each(cases)("with an idempotency key %s, %s, under %s is retried", (kind, phase, replay) => {
    const decision = decide(verdict(kind, { phase }), standing, { ...rules, replay }, { ...post, keyed: true });
    expect(reason(decision)).toBe("retry in 100 ms");
  });

  test("a body that cannot be sent again is said to be the reason, but only where a replay was allowed", () => {
    const stream = { ...post, replayable: false };
    expect(reason(decide(verdict("internal"), standing, rules, stream))).toBe("body_not_replayable");
    expect(reason(decide(verdict("network", { phase: "unanswered" }), standing, rules, stream))).toBe("unsafe_replay");
  });
});

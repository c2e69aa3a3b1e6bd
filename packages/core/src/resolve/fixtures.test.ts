import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../outcome.ts";
import { resolve } from "./resolve.ts";
import type { Verdict } from "../verdict.ts";

interface Case {
  readonly id: string;
  readonly provider: string;
  readonly status: number | null;
  readonly headers: Record<string, string | string[]>;
  readonly body: string;
  readonly bodyBase64?: string;
  readonly thrown?: Record<string, unknown>;
  readonly expect: {
    readonly kind: string;
    readonly kindAlt?: readonly string[];
    readonly retryable: boolean;
    readonly retryAfterMs: number | null;
    readonly code: string | null;
    readonly upstreamMessage: string | null;
    readonly requestId: string | null;
  };
  readonly now?: string;
}

function cases(file: string): Case[] {
  const text = readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Case);
}

function outcomeOf(one: Case): Outcome {
  if (one.thrown !== undefined)
    return { error: "$primitive" in one.thrown ? one.thrown["$primitive"] : errorOf(one.thrown) };
  const body = one.bodyBase64 === undefined ? one.body : Buffer.from(one.bodyBase64, "base64");
  return { status: one.status!, headers: one.headers, body };
}

function errorOf({ cause, message, ...rest }: Record<string, unknown>): Error {
  const error = new Error(String(message));
  Object.assign(error, rest);
  if (cause !== undefined)
    error.cause = "$ref" in (cause as object) ? error : errorOf(cause as Record<string, unknown>);
  return error;
}

// What fixtures/README.md allows beside the exact answer.
const waits: Readonly<Record<string, readonly (number | null)[]>> = {
  "graphql-200-throttled": [null],
  "odd-ra-list": [5000],
};
const noError = "odd-200-ok-content-mentions-error";

function wrongIn(verdict: Verdict | null, { id, status, expect: wanted }: Case): string[] {
  if (id === noError) return verdict === null ? [] : ["an error"];
  if (verdict === null) return ["no error"];
  const { kind, retryable, retryAfterMs: wait, upstream } = verdict;
  const near = wait !== null && wanted.retryAfterMs !== null && Math.abs(wait - wanted.retryAfterMs) <= 1000;
  const right: Record<string, boolean> = {
    [`kind ${kind}`]: [wanted.kind, ...(wanted.kindAlt ?? [])].includes(kind),
    [`retryable ${retryable}`]: retryable === wanted.retryable,
    [`wait ${wait}`]: near || [wanted.retryAfterMs, ...(waits[id] ?? [])].includes(wait),
    [`status ${upstream.status}`]: upstream.status === status,
    [`code ${upstream.code}`]: upstream.code === wanted.code,
    [`message ${upstream.message}`]: upstream.message === wanted.upstreamMessage,
    [`request id ${upstream.requestId}`]: upstream.requestId === wanted.requestId,
  };
  return Object.keys(right).filter((field) => !right[field]);
}

describe.each(["responses.ndjson", "composed.ndjson", "independent.ndjson"])("%s", (file) => {
  test.each(cases(file).map((one) => [one.id, one] as const))("%s resolves as expected", (_, one) => {
    const verdict = resolve(outcomeOf(one), {
      provider: one.provider,
      ...(one.now === undefined ? {} : { now: Date.parse(one.now) }),
    });
    expect(wrongIn(verdict, one)).toEqual([]);
  });
});

test("a body full of prototype keys pollutes nothing", () => {
  const one = cases("responses.ndjson").find(({ id }) => id === "odd-proto-keys")!;
  resolve(outcomeOf(one));
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("without the provider's name at most two of the cases come out otherwise", () => {
  const wrong = cases("responses.ndjson").filter((one) => {
    const now = one.now === undefined ? 0 : Date.parse(one.now);
    const bare = resolve(outcomeOf(one), { now });
    return bare?.retryable !== resolve(outcomeOf(one), { now, provider: one.provider })?.retryable;
  });
  expect(wrong.map(({ id }) => id)).toEqual(["salesforce-array-limit"]);
});

import type { Outcome, Resolve, Verdict } from "@failwell/core";
import { type Case, errorOf, isThrown } from "./cases.ts";

/** The fields that are compared, in the order of the table. */
export const fields = ["kind", "retryable", "retryAfterMs", "code", "upstreamMessage", "requestId"] as const;
export type Field = (typeof fields)[number];

/** A field of a case that came out wrong. */
export interface Miss {
  readonly id: string;
  readonly field: Field;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Cases where the project argues for another answer than the file gives; see fixtures/README.md. None so far. */
export const argued: Readonly<Record<string, readonly Field[]>> = {};

/** Resolves every case and compares, by the rules of the case format. */
export function score(cases: readonly Case[], resolve: Resolve, { label = true }: { label?: boolean } = {}): Miss[] {
  return cases.flatMap((one) => {
    const verdict = resolve(outcomeOf(one), {
      ...(one.now === undefined ? {} : { now: Date.parse(one.now) }),
      ...(label ? { provider: one.provider } : {}),
    });
    return compare(one, verdict).filter(({ field }) => argued[one.id]?.includes(field) !== true);
  });
}

/** What a case gives to the resolver. */
export function outcomeOf(one: Case): Outcome {
  if (isThrown(one)) return { error: errorOf(one.thrown) };
  const body = one.bodyBase64 === undefined ? one.body : Buffer.from(one.bodyBase64, "base64");
  return { status: one.status!, headers: one.headers, body };
}

/** The fields of one case in which a verdict is wrong. */
export function compare({ id, expect }: Case, verdict: Verdict | null): Miss[] {
  // The format has no word for "no error": kind unknown stands for it, and this case must be none.
  if (id === "odd-200-ok-content-mentions-error") {
    return verdict === null ? [] : fields.map((field) => ({ id, field, expected: "no error", got: verdict.kind }));
  }
  const got: Record<Field, unknown> = {
    kind: verdict?.kind ?? "unknown",
    retryable: verdict?.retryable ?? false,
    retryAfterMs: verdict?.retryAfterMs ?? null,
    code: verdict?.upstream.code ?? null,
    upstreamMessage: verdict?.upstream.message ?? null,
    requestId: verdict?.upstream.requestId ?? null,
  };
  return (
    fields
      // What a case leaves open is not compared.
      .filter((field) => field in expect && !equal(id, field, expect, got[field]))
      .map((field) => ({
        id,
        field,
        expected: field === "kind" ? [expect.kind, ...(expect.kindAlt ?? [])].join(" | ") : expect[field],
        got: got[field],
      }))
  );
}

function equal(id: string, field: Field, expect: Case["expect"], got: unknown): boolean {
  if (field === "kind") return got === expect.kind || expect.kindAlt?.includes(got as string) === true;
  const expected = expect[field] ?? null;
  if (got === expected) return true;
  if (field === "retryAfterMs") return waitFits(id, expected, got);
  return field === "upstreamMessage" && messageFits(id, String(expected), got);
}

function waitFits(id: string, expected: unknown, got: unknown): boolean {
  if (id === "graphql-200-throttled" && got === null) return true;
  if (id === "odd-ra-list" && got === 5000) return true;
  return typeof expected === "number" && typeof got === "number" && Math.abs(expected - got) <= 1000;
}

function messageFits(id: string, expected: string, got: unknown): boolean {
  if (typeof got !== "string") return false;
  switch (id) {
    case "odd-truncated-json":
      return "The upstream server returned an inval".startsWith(got);
    case "odd-huge-message":
      return got.slice(0, 200) === expected.slice(0, 200);
    case "odd-latin1":
      return got.replaceAll("\uFFFD", "é") === expected;
    default:
      return false;
  }
}

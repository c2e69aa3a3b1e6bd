import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { catalog } from "../catalog/catalog.ts";
import type { Outcome } from "../outcome.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { resolve } from "./resolve.ts";
import type { Verdict } from "../verdict.ts";

const numRuns = Number(process.env["FUZZ_RUNS"] ?? 3000);

const fixtures = readFileSync(new URL("../../fixtures/responses.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map(
    (line) =>
      JSON.parse(line) as { provider: string; status: number | null; headers: Record<string, string>; body: string },
  )
  .filter(({ status }) => status !== null);

/** What is wrong with a verdict: it must be whole, and true to the catalog. */
function problemOf(verdict: Verdict | null): string | null {
  if (verdict === null) return null;
  const { kind, status, retryable, retryAfterMs, evidence, upstream } = verdict;
  if (catalog.kinds[kind]?.status !== status) return `status ${status} for ${kind}`;
  if (typeof retryable !== "boolean") return "retryable is no boolean";
  if (evidence === "") return "no evidence";
  if (retryAfterMs !== null && !(retryable && Number.isSafeInteger(retryAfterMs) && retryAfterMs > 0)) {
    return `waits ${retryAfterMs} ms, retryable ${retryable}`;
  }
  const texts: unknown[] = [upstream.code, upstream.message, upstream.requestId];
  return texts.every((text) => text === null || (typeof text === "string" && text !== "")) ? null : "no text";
}

function checkShape(verdict: Verdict | null): void {
  const problem = problemOf(verdict);
  if (problem !== null) throw new Error(problem);
}

/** Nothing in text or plain data throws when looked at, so that nothing of it may be unreadable. */
function check(verdict: Verdict | null): void {
  checkShape(verdict);
  if (verdict?.evidence === "unreadable") throw new Error("unreadable");
}

function failureOf<T>(property: fc.IPropertyWithHooks<T>): string | null {
  return fc.defaultReportMessage(fc.check(property, { numRuns })) ?? null;
}

const provider = fc.constantFrom(undefined, "generic", ...new Set(fixtures.map((one) => one.provider)));
const word = fc.constantFrom(
  ..."error errors detail details message code type status data base_resp status_code choices metadata raw retry_after retryable response candidates finishReason extensions cost name id __proto__ constructor request_id x-should-retry retry-after x-ratelimit-reset grpc-status content-type server".split(
    " ",
  ),
);
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    "rate_limit_exceeded",
    "failed",
    "RESOURCE_EXHAUSTED",
    "Please try again in 3s",
    '{"error":{"message":"x"}}',
    "1795348830",
  ),
);
const structure = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(word, tie("value"), { maxKeys: 5 }),
  ),
})).value;
const status = fc.oneof(
  fc.constantFrom(200, 204, 302, 400, 401, 402, 403, 404, 409, 413, 429, 500, 502, 503, 504, 529),
  fc.integer({ min: -1, max: 1000 }),
);
const headers = fc.dictionary(
  fc.oneof(word, fc.string()),
  fc.oneof(fc.string(), fc.constantFrom("5", "true", "Sun, 22 Nov 2026 12:02:00 GMT")),
  { maxKeys: 4 },
);

test("holds for any structure, as text and as an object", () => {
  const property = fc.property(structure, status, headers, provider, (body, code, sent, name) => {
    const options = name === undefined ? {} : { provider: name };
    check(resolve({ status: code, headers: sent, body: JSON.stringify(body) ?? "" }, options));
    check(resolve({ status: code, headers: sent, body: body as object }, options));
    check(resolve({ error: body }, options));
    check(resolve({ error: Object.assign(new Error("x"), { cause: body, response: body }) }, options));
  });
  expect(failureOf(property)).toBeNull();
});

test("holds for fixtures with a piece cut out, doubled or replaced", () => {
  const mutation = fc.record({
    one: fc.constantFrom(...fixtures),
    from: fc.nat(600),
    length: fc.nat(40),
    instead: fc.oneof(fc.string(), fc.constantFrom("{", "}", '"', "<", "\n\ndata: ", "null", "")),
    other: status,
    name: provider,
  });
  const property = fc.property(mutation, ({ one, from, length, instead, other, name }) => {
    const body = one.body.slice(0, from) + instead + one.body.slice(from + length);
    const options = name === undefined ? {} : { provider: name };
    check(resolve({ status: one.status!, headers: one.headers, body }, options));
    check(resolve({ status: other, headers: one.headers, body: new TextEncoder().encode(body) }, options));
    check(resolve({ status: other, headers: one.headers, body: body + body }, options));
  });
  expect(failureOf(property)).toBeNull();
});

test("holds for anything at all", () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withObjectString: true,
  });
  const property = fc.property(anything, anything, (first, second) => {
    checkShape(resolve(first as Outcome));
    checkShape(resolve({ status: first, headers: second, body: second } as unknown as Outcome));
    checkShape(
      resolve({
        status: 500,
        headers: { "content-type": first, "retry-after": second },
        body: first,
      } as unknown as Outcome),
    );
    checkShape(resolve({ error: first }));
    checkShape(resolve({ error: new AggregateError([first, second], "x", { cause: second }) }));
  });
  expect(failureOf(property)).toBeNull();
});

test("holds for any Retry-After", () => {
  const part = fc.constantFrom(
    "5",
    "GMT",
    ", ",
    "Sun, ",
    "22 Nov 2026",
    " 12:00:00",
    "-",
    "s",
    "1e9",
    "2026-11-22T12:00:00Z",
    "Nov",
    ":",
    "60",
  );
  const property = fc.property(
    fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join("")),
    ),
    (value) => {
      const wait = parseRetryAfter(value, { now: 1_795_348_800_000 });
      return wait === null || (Number.isSafeInteger(wait) && wait > 0);
    },
  );
  expect(failureOf(property)).toBeNull();
});

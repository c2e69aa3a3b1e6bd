import type { HttpPolicy, RequestFacts } from "./policy.ts";

// RFC 9110 §9.2.2 and, for QUERY, draft-ietf-httpbis-safe-method-w-body.
const IDEMPOTENT = /^(GET|HEAD|OPTIONS|PUT|DELETE|TRACE|QUERY)$/;

/** Does sending it twice what sending it once does? `method` in upper case. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.test(method);
}

/** The key that a policy gives to a request without one; `undefined` for none. */
export function keyFor(rule: HttpPolicy<unknown>["idempotencyKey"], request: () => RequestFacts): string | undefined {
  if (rule === undefined || rule === false) return undefined;
  if (rule === true) return crypto.randomUUID();
  // An empty one is none.
  return (typeof rule === "string" ? rule : rule(request())) || undefined;
}

/** Where credentials travel: one of them decides whose cool-down it is. */
const CREDENTIALS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

/** The credential among some headers. */
export function credentialIn(headers: Headers): string | null {
  const name = CREDENTIALS.find((credential) => headers.has(credential));
  return name === undefined ? null : headers.get(name);
}

/** Stainless, which makes the SDKs of OpenAI, Anthropic and many others, counts its own retries here: 0 for the first try. */
export const SDK_RETRIES = "x-stainless-retry-count";

/** How often an SDK says that it repeated a request; `null` when no SDK speaks. Looks without making anything. */
export function repetitionsIn(headers: HeadersInit | undefined): number | null {
  if (headers === undefined) return null;
  if (headers instanceof Headers) {
    const count = headers.get(SDK_RETRIES);
    return count === null ? null : Number(count);
  }
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  for (const [name, value] of pairs) {
    if (name.length === SDK_RETRIES.length && name.toLowerCase() === SDK_RETRIES) return Number(value);
  }
  return null;
}

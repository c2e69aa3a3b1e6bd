/** What went wrong, in 21 words. */
export type Kind =
  | "bad_request"
  | "authentication"
  | "permission"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "payload_too_large"
  | "unprocessable"
  | "rate_limit"
  | "quota_exhausted"
  | "content_policy"
  | "context_length"
  | "client_closed"
  | "timeout"
  | "internal"
  | "upstream"
  | "overloaded"
  | "unavailable"
  | "network"
  | "payment_required"
  | "unknown";

/** Who has to act. */
export type Fault = "caller" | "credentials" | "quota" | "gateway" | "upstream" | "network";

/** What an error means and what to do about it: all that a verdict needs of a catalog. */
export interface Meaning {
  /** The HTTP status of this entry. */
  readonly status: number;
  readonly kind: Kind;
  readonly fault: Fault;
  /** Could the same request succeed later? */
  readonly retryable: boolean;
  /** One sentence for people: what happened. */
  readonly meaning: string;
  /** One sentence for people: what to do. */
  readonly action: string;
}

/** One entry per kind, and one per status that is known. */
export interface Meanings<Entry extends Meaning = Meaning> {
  readonly kinds: Readonly<Record<Kind, Entry>>;
  readonly statuses: Readonly<Record<number, Entry>>;
}

// The kind's own status first, then every other that means it; `+`: the same request could succeed later. A status
// belongs to the first kind that lists it. Then who has to act, what happened, what to do.
// Sources: IANA registry (RFC 9110 and others), Cloudflare's 5xx pages, AWS ALB (460), Tavily (432, 433).
const rows: Readonly<Record<Kind, string>> = {
  bad_request:
    "400 406 411 412 414 415 416 421 426 428 431 501 505|caller|Invalid request body, missing field, unsupported parameter, or policy-blocked prompt|Validate JSON and required fields",
  authentication:
    "401 407 498 511|credentials|Missing or invalid API key|Check the Authorization header or compatible auth field",
  payment_required: "402|quota|No money or credit is left|Add credit, or update plan",
  permission:
    "403 451|credentials|The key is valid, but the model is not available to the account|Use an available model id, or update plan or access",
  not_found: "404 410|caller|Wrong path or unknown model|Check the endpoint URL and copy the model id from /v1/models",
  method_not_allowed: "405|caller|Method not allowed|Use the documented HTTP method",
  conflict: "409 423|caller|The request conflicts with the current state|Read the current state, then decide",
  payload_too_large: "413|caller|The request is too large|Reduce request size",
  unprocessable: "422|caller|Invalid value in a field|Correct the fields named in the message",
  rate_limit: "429+|quota|Rate limit or quota exhausted|Wait, reduce request size, or check quota",
  quota_exhausted:
    "429 432 433|quota|Quota or spending limit exhausted|Check quota, update plan, or wait for the reset",
  content_policy: "400|caller|Policy-blocked prompt or output|Change the prompt",
  context_length: "400|caller|The input is too long for the model|Reduce request size, or use another available model",
  client_closed:
    "499 460|caller|Client disconnected before the server finished|Keep the connection open; use longer client timeouts for long video requests",
  timeout:
    "504+ 408+ 522+ 524+ 598+ 599+|upstream|No answer in time; the work may have been done|Retry with backoff; use longer client timeouts for long video requests",
  internal: "500+ 507 508|upstream|Internal server error|Retry later, or contact support with request details",
  upstream:
    "502+ 424+ 520+ 521+ 523+ 525 526 527+ 530+|upstream|Upstream provider failed, or no provider succeeded|Retry, or use another available model",
  unavailable: "503+ 425+|upstream|Temporary service or quota backend issue|Retry with backoff",
  overloaded: "503+ 529+|upstream|The provider has no capacity|Retry with backoff, or use another available model",
  network: "502+|network|The connection failed|Check host name, network and TLS, or retry with backoff",
  unknown: "500 418|upstream|Unknown error|Contact support with request details",
};

/** The 21 kinds, and every status that upstreams send, in the words of its kind. */
export const meanings: Meanings = /* @__PURE__ */ compile();

function compile(): Meanings {
  const kinds: Record<string, Meaning> = {};
  const statuses: Record<string, Meaning> = {};
  for (const [kind, row] of Object.entries(rows)) {
    const [list, fault, meaning, action] = row.split("|") as [string, Fault, string, string];
    for (const word of list.split(" ")) {
      const status = Number.parseInt(word);
      const entry = { status, kind: kind as Kind, fault, retryable: word > `${status}`, meaning, action };
      kinds[kind] ??= entry;
      statuses[status] ??= entry;
    }
  }
  return { kinds: kinds as Meanings["kinds"], statuses };
}

/**
 * The entry for any status: its own, or that of its class (RFC 9110 §15: treat an unknown x99 as x00).
 * `null` for a status that is no error.
 */
export function entryOf<Entry extends Meaning>(status: number, { kinds, statuses }: Meanings<Entry>): Entry | null {
  return statuses[status] ?? (status >= 500 ? kinds.internal : status >= 400 ? kinds.bad_request : null);
}

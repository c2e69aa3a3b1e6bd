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

/** One known error: what it means and what to do about it. */
export interface CatalogEntry {
  /** The HTTP status of this entry. */
  readonly status: number;
  readonly kind: Kind;
  readonly fault: Fault;
  /** `error.type` on the wire: a closed set, one name per kind, so that a client reads back what the server meant. */
  readonly type: string;
  /** `error.code` on the wire unless a machine code is known: the HTTP reason phrase. */
  readonly code: string;
  /** Could the same request succeed later? */
  readonly retryable: boolean;
  /** One sentence for people: what happened. */
  readonly meaning: string;
  /** One sentence for people: what to do. */
  readonly action: string;
}

/** The errors that are known: one entry per kind, and one per status that has a story of its own. */
export interface Catalog {
  readonly kinds: Readonly<Record<Kind, CatalogEntry>>;
  readonly statuses: Readonly<Record<number, CatalogEntry>>;
}

type Row = readonly [
  status: number,
  fault: Fault,
  type: string,
  code: string,
  retryable: boolean,
  meaning: string,
  action: string,
];

// The ten documented statuses speak through the kind they stand for; the other kinds have words of their own.
const rows: Readonly<Record<Kind, Row>> = {
  bad_request: [
    400,
    "caller",
    "invalid_request_error",
    "Bad Request",
    false,
    "Invalid request body, missing field, unsupported parameter, or policy-blocked prompt",
    "Validate JSON and required fields",
  ],
  authentication: [
    401,
    "credentials",
    "authentication_error",
    "Unauthorized",
    false,
    "Missing or invalid API key",
    "Check the Authorization header or compatible auth field",
  ],
  payment_required: [
    402,
    "quota",
    "billing_error",
    "Payment Required",
    false,
    "The account has no money or credit left for this request",
    "Add credit or update billing; retrying does not help",
  ],
  permission: [
    403,
    "credentials",
    "permission_error",
    "Forbidden",
    false,
    "The key is valid, but the model is not available to the account",
    "Use an available model id, or update plan or access",
  ],
  not_found: [
    404,
    "caller",
    "not_found_error",
    "Not Found",
    false,
    "Wrong path or unknown model",
    "Check the endpoint URL and copy the model id from /v1/models",
  ],
  method_not_allowed: [
    405,
    "caller",
    "method_not_allowed_error",
    "Method Not Allowed",
    false,
    "Method not allowed",
    "Use the documented HTTP method",
  ],
  conflict: [
    409,
    "caller",
    "conflict_error",
    "Conflict",
    false,
    "The request conflicts with the current state, or with one still running",
    "Read the current state, then decide whether to send the request again",
  ],
  payload_too_large: [
    413,
    "caller",
    "request_too_large_error",
    "Content Too Large",
    false,
    "The request is larger than the server accepts",
    "Send less, or split the request",
  ],
  unprocessable: [
    422,
    "caller",
    "unprocessable_error",
    "Unprocessable Content",
    false,
    "The request is well-formed, but a value in it is not acceptable",
    "Correct the fields named in the message",
  ],
  rate_limit: [
    429,
    "quota",
    "rate_limit_error",
    "Too Many Requests",
    true,
    "Rate limit or quota exhausted",
    "Wait, reduce request size, or check quota",
  ],
  quota_exhausted: [
    429,
    "quota",
    "quota_error",
    "Too Many Requests",
    false,
    "A quota or spending limit is used up until it resets or is raised",
    "Check quota and plan, or wait for the reset; retrying now does not help",
  ],
  content_policy: [
    400,
    "caller",
    "content_policy_error",
    "Bad Request",
    false,
    "The prompt or the output was blocked by a content policy",
    "Change the prompt or input; the same request is blocked again",
  ],
  context_length: [
    400,
    "caller",
    "context_length_error",
    "Bad Request",
    false,
    "The input is longer than the model's context window",
    "Shorten the input, or use a model with a larger context window",
  ],
  client_closed: [
    499,
    "caller",
    "client_closed_error",
    "Client Closed Request",
    false,
    "Client disconnected before the server finished",
    "Keep the connection open; use longer client timeouts for long video requests",
  ],
  timeout: [
    504,
    "upstream",
    "timeout_error",
    "Gateway Timeout",
    true,
    "No answer arrived in time; the work may still have been done",
    "Retry what is safe to repeat; for long jobs raise the timeouts or poll",
  ],
  internal: [
    500,
    "upstream",
    "api_error",
    "Internal Server Error",
    true,
    "Internal server error",
    "Retry later, or contact support with request details",
  ],
  upstream: [
    502,
    "upstream",
    "upstream_error",
    "Bad Gateway",
    true,
    "Upstream provider failed, or no provider succeeded",
    "Retry, or use another available model",
  ],
  overloaded: [
    503,
    "upstream",
    "overloaded_error",
    "Service Unavailable",
    true,
    "The provider has no capacity for this request now",
    "Retry with backoff, or use another available model",
  ],
  unavailable: [
    503,
    "upstream",
    "unavailable_error",
    "Service Unavailable",
    true,
    "Temporary service or quota backend issue",
    "Retry with backoff",
  ],
  network: [
    502,
    "network",
    "network_error",
    "Bad Gateway",
    true,
    "The connection failed before a complete answer arrived",
    "Check host name, network and TLS, then retry what is safe to repeat",
  ],
  unknown: [
    500,
    "upstream",
    "unknown_error",
    "Internal Server Error",
    false,
    "The error is not known",
    "Look at the raw error in the log",
  ],
};

function entry(kind: Kind): CatalogEntry {
  const [status, fault, type, code, retryable, meaning, action] = rows[kind];
  return Object.freeze({ status, kind, fault, type, code, retryable, meaning, action });
}

const kinds = Object.freeze(
  Object.fromEntries(Object.keys(rows).map((kind) => [kind, entry(kind as Kind)])) as Record<Kind, CatalogEntry>,
);

/** The ten documented statuses, and nothing else. {@link catalog} knows every other status too. */
export const documented: Catalog = Object.freeze({
  kinds,
  statuses: Object.freeze({
    400: kinds.bad_request,
    401: kinds.authentication,
    403: kinds.permission,
    404: kinds.not_found,
    405: kinds.method_not_allowed,
    429: kinds.rate_limit,
    499: kinds.client_closed,
    500: kinds.internal,
    502: kinds.upstream,
    503: kinds.unavailable,
  }),
});

/** What to add or to say differently. A field that is left out keeps its present value. */
export interface CatalogChanges {
  readonly kinds?: { readonly [K in Kind]?: Partial<Omit<CatalogEntry, "kind">> };
  /** A status that is new must name its `kind`; whatever else it leaves out comes from that kind. */
  readonly statuses?: Readonly<Record<number, Partial<Omit<CatalogEntry, "status">>>>;
}

/**
 * Makes a new catalog from another one. The other one stays as it is.
 *
 * @throws {RangeError} a status outside 100–599, or a new status without a kind
 */
export function extendCatalog(base: Catalog, changes: CatalogChanges): Catalog {
  const newKinds: Record<string, CatalogEntry> = { ...base.kinds };
  for (const [kind, change] of Object.entries(changes.kinds ?? {})) {
    const present = newKinds[kind];
    if (present === undefined)
      throw new RangeError(`kind "${kind}" is not one of the ${Object.keys(newKinds).length} kinds`);
    newKinds[kind] = Object.freeze({ ...present, ...change });
  }
  const statuses: Record<number, CatalogEntry> = {};
  // A status that merely points at its kind follows the kind's change.
  for (const [status, present] of Object.entries(base.statuses)) {
    statuses[Number(status)] = present === base.kinds[present.kind] ? newKinds[present.kind]! : present;
  }
  for (const [text, change] of Object.entries(changes.statuses ?? {})) {
    const status = Number(text);
    if (!(status >= 100 && status <= 599)) throw new RangeError(`status must be between 100 and 599, got ${text}`);
    const known = statuses[status];
    const model = change.kind === undefined || change.kind === known?.kind ? known : newKinds[change.kind];
    if (model === undefined) throw new RangeError(`status ${status} needs the name of its kind, got ${change.kind}`);
    statuses[status] = Object.freeze({ ...model, ...change, status });
  }
  return Object.freeze({ kinds: Object.freeze(newKinds) as Catalog["kinds"], statuses: Object.freeze(statuses) });
}

/**
 * The entry for any status: its own, or that of its class (RFC 9110 §15: treat an unknown x99 as x00).
 * `null` for a status that is no error.
 */
export function entryOf(status: number, from: Catalog): CatalogEntry | null {
  const own = from.statuses[status];
  if (own !== undefined) return own;
  if (status >= 500) return from.kinds.internal;
  return status >= 400 ? from.kinds.bad_request : null;
}

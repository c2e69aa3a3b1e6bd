import { type Catalog, type CatalogEntry, entryOf, type Kind } from "./catalog.ts";
import { redact } from "./redact.ts";
import { catalog } from "./statuses.ts";
import type { Verdict } from "./verdict.ts";

/** The body of each dialect. Fields may be added to them; readers ignore what they do not know. */
export interface WireBodies {
  failwell: {
    error: { message: string; type: string; code: string; error_id?: string };
  };
  openai: {
    error: { message: string; type: string; param: null; code: string | null; error_id?: string };
  };
  anthropic: {
    type: "error";
    error: { type: string; message: string };
    request_id?: string;
    error_id?: string;
  };
  /** RFC 9457. `retry_after` is in seconds, as in the header. */
  problem: {
    type: string;
    title: string;
    status: number;
    detail: string;
    code: string;
    error_id?: string;
    retry_after?: number;
  };
}

/** Whose error object is spoken. */
export type WireDialect = keyof WireBodies;

/** An error object of any dialect. */
export type WireBody = WireBodies[WireDialect];

/** What the verdict does not say. What is not valid is left out. */
export interface WireOptions<D extends WireDialect = WireDialect> {
  /** "failwell" unless given. */
  readonly dialect?: D | undefined;
  /** Your own reference, logged before it is sent: up to 128 of `A-Z a-z 0-9 _ . : -`. */
  readonly errorId?: string | undefined;
  /** As `errorId`. */
  readonly requestId?: string | undefined;
  /** Said instead of the verdict's meaning; redacted first. */
  readonly message?: string | undefined;
  /** Said instead of the reason phrase: up to 64 printable ASCII characters. Anthropic's dialect has none. */
  readonly code?: string | undefined;
}

/** What to answer. Header names are in lower case. */
export interface WireAnswer<D extends WireDialect = WireDialect> {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: WireBodies[D];
}

/**
 * Writes a verdict as the answer of an API: status, headers and the error object of one of four dialects.
 *
 * Nothing of the upstream's answer is in it, only what the catalog and the options say. The status is 400–599. Headers:
 * `retry-after` in seconds, rounded up, when the verdict has a hint; `x-should-retry`, which OpenAI's and Anthropic's
 * SDKs obey; `x-error-id` and `x-request-id` when given; `no-store` and `nosniff`. Never throws.
 *
 * @see RFC 9457 for the dialect "problem"
 */
export function toWire<D extends WireDialect = "failwell">(
  verdict: Verdict,
  options: WireOptions<D> = {},
): WireAnswer<D> {
  try {
    return write(verdict, options) as WireAnswer<D>;
  } catch {
    return write({ ...catalog.kinds.unknown, retryAfterMs: null }, {}) as WireAnswer<D>;
  }
}

/** What an error object says; `null` for what it does not. Nothing is redacted. */
export interface WireError {
  /** `null`: an error, in none of the four dialects. */
  readonly dialect: WireDialect | null;
  readonly message: string | null;
  readonly type: string | null;
  /** A slug, a reason phrase or a number, as it came. */
  readonly code: string | number | null;
  readonly errorId: string | null;
  readonly requestId: string | null;
  /** Only when the body names it. */
  readonly status: number | null;
  /** From code, else type, else reason phrase or status. */
  readonly kind: Kind | null;
  readonly retryAfterMs: number | null;
}

/**
 * Reads an error object of any of the four dialects, and of those near them, out of a value, JSON text or its bytes.
 * `null` when there is no error in it, or it is longer than 64 KiB.
 *
 * Reads back the kind of every error that {@link toWire} wrote, but for Anthropic's dialect, which has ten types: there
 * a kind comes back as the nearest one that Anthropic has a type for. Never throws.
 */
export function fromWire(body: unknown): WireError | null {
  try {
    return read(parse(body));
  } catch {
    return null;
  }
}

const URN = "urn:failwell:error:";
const INVALID = "invalid_request_error";
const kindNames = /* @__PURE__ */ Object.keys(catalog.kinds) as Kind[];

// The code that users of OpenAI's SDKs switch on, and the type where it is not the usual one.
const openai: Readonly<Record<Kind, readonly [code: string | null, type?: string]>> = {
  bad_request: [null],
  authentication: ["invalid_api_key"],
  payment_required: ["billing_not_active", "billing_not_active"],
  permission: ["insufficient_permissions"],
  not_found: ["model_not_found"],
  method_not_allowed: ["method_not_supported"],
  conflict: ["conflict"],
  payload_too_large: ["request_too_large"],
  unprocessable: ["unprocessable_entity"],
  rate_limit: ["rate_limit_exceeded", "rate_limit_error"],
  quota_exhausted: ["insufficient_quota", "insufficient_quota"],
  content_policy: ["content_policy_violation"],
  context_length: ["context_length_exceeded"],
  client_closed: ["client_closed_request"],
  timeout: ["request_timeout"],
  internal: ["server_error"],
  upstream: ["upstream_error"],
  overloaded: ["server_is_overloaded", "service_unavailable_error"],
  unavailable: ["service_unavailable", "service_unavailable_error"],
  network: ["connection_error"],
  unknown: ["unknown_error"],
};

// Where Anthropic has no type of the same name as ours: the nearest one, of those that are retried alike.
const anthropic: { readonly [K in Kind]?: string } = {
  method_not_allowed: INVALID,
  conflict: INVALID,
  payload_too_large: "request_too_large",
  unprocessable: INVALID,
  quota_exhausted: "billing_error",
  content_policy: INVALID,
  context_length: INVALID,
  client_closed: INVALID,
  upstream: "api_error",
  unavailable: "overloaded_error",
  network: "api_error",
  unknown: "api_error",
};

// What others write for the same.
const aliases: Readonly<Record<string, Kind>> = {
  service_unavailable_error: "unavailable",
  unknown_url: "not_found",
};

type Written = Pick<Verdict, "kind" | "status" | "retryable" | "retryAfterMs" | "meaning">;

function write(verdict: Written, options: WireOptions): WireAnswer {
  const kind = kindNames.includes(verdict.kind) ? verdict.kind : "unknown";
  const entry = catalog.kinds[kind];
  const status = Math.min(599, Math.max(400, Math.trunc(verdict.status) || entry.status));
  const { dialect } = options;
  const message = redact(options.message ?? "") || redact(verdict.meaning) || entry.meaning;
  const ownCode = valid(options.code, /^[ -~]{1,64}$/);
  const code = ownCode ?? (entryOf(status, catalog) ?? entry).code;
  const errorId = valid(options.errorId, id);
  const requestId = valid(options.requestId, id);
  const wait = verdict.retryAfterMs;
  const seconds = wait !== null && wait >= 0 ? Math.min(2 ** 31 - 1, Math.max(1, Math.ceil(wait / 1000))) : undefined;
  const error_id = errorId === undefined ? {} : { error_id: errorId };

  return {
    status,
    headers: {
      "content-type": `application/${dialect === "problem" ? "problem+" : ""}json`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-should-retry": String(verdict.retryable === true),
      ...(seconds === undefined ? {} : { "retry-after": String(seconds) }),
      ...(errorId === undefined ? {} : { "x-error-id": errorId }),
      ...(requestId === undefined ? {} : { "x-request-id": requestId }),
    },
    body: bodyOf(),
  };

  function bodyOf(): WireBody {
    if (dialect === "openai") {
      const [code, type = entry.status < 500 ? INVALID : "server_error"] = openai[kind];
      return { error: { message, type, param: null, code: ownCode ?? code, ...error_id } };
    }
    if (dialect === "anthropic") {
      const request_id = requestId === undefined ? {} : { request_id: requestId };
      return { type: "error", error: { type: anthropic[kind] ?? entry.type, message }, ...request_id, ...error_id };
    }
    if (dialect === "problem") {
      const retry_after = seconds === undefined ? {} : { retry_after: seconds };
      return { type: URN + kind, title: entry.meaning, status, detail: message, code, ...error_id, ...retry_after };
    }
    return { error: { message, type: entry.type, code, ...error_id } };
  }
}

const id = /^[\w.:-]{1,128}$/;

function valid(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}

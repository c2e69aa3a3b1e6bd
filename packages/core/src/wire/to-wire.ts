import { entryOf } from "../catalog/kinds.ts";
import { redact } from "../redact.ts";
import { catalog } from "../catalog/catalog.ts";
import type { Verdict } from "../verdict.ts";
import { anthropic, INVALID, openai, URN } from "./names.ts";

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

type Written = Pick<Verdict, "kind" | "status" | "retryable" | "retryAfterMs" | "meaning">;

function write(verdict: Written, options: WireOptions): WireAnswer {
  const kind = Object.hasOwn(catalog.kinds, verdict.kind) ? verdict.kind : "unknown";
  const entry = catalog.kinds[kind];
  const status = Math.min(599, Math.max(400, Math.trunc(verdict.status) || entry.status));
  const { dialect } = options;
  const message = redact(options.message ?? "") || redact(verdict.meaning) || entry.meaning;
  const ownCode = valid(options.code, /^[ -~]{1,64}$/);
  const code = ownCode ?? entryOf(status, catalog)!.code;
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
      "x-should-retry": String(Boolean(verdict.retryable)),
      ...(seconds === undefined ? {} : { "retry-after": String(seconds) }),
      ...(errorId === undefined ? {} : { "x-error-id": errorId }),
      ...(requestId === undefined ? {} : { "x-request-id": requestId }),
    },
    body: bodyOf(),
  };

  function bodyOf(): WireBody {
    if (dialect === "openai") {
      const [usual, type = entry.status < 500 ? INVALID : "server_error"] = openai[kind];
      return { error: { message, type, param: null, code: ownCode ?? usual, ...error_id } };
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

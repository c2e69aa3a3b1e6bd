import type { AnsweredOutcome, HeadersLike } from "../outcome.ts";
import { filled, own } from "../resolve/own.ts";
import type { Reader } from "../resolve/reading.ts";

/** Finds the answer that an error of an HTTP client or an SDK carries. */
export const sdks: Reader = { answerIn };

/** What HTTP clients and SDKs attach to their errors. */
interface Carrier {
  readonly response?: Carrier;
  readonly rawResponse?: Carrier;
  readonly $response?: Carrier;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown };
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly responseHeaders?: unknown;
  readonly data?: unknown;
  readonly body?: unknown;
  readonly responseBody?: unknown;
  readonly error?: unknown;
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** `null` when it carries none, or one that was cut off. */
function answerIn(error: unknown): AnsweredOutcome | null {
  const of: Carrier = typeof error === "object" && error !== null ? error : {};
  const response = of.response ?? of.rawResponse ?? of.$response ?? {};
  const aws = of.$metadata;
  const status = [response.status, response.statusCode, of.status, of.statusCode, aws?.httpStatusCode].find(isStatus);
  if (status === undefined) {
    const { error: event } = of;
    // An SDK that read an error event from a stream has a body, and no status.
    const told = own(event, "type") ?? own(event, "message") ?? own(event, "error");
    return told === undefined || filled(of.code) ? null : { status: 200, body: { error: event } };
  }
  // A success that still failed was cut off while it was read.
  if (status < 400) return null;
  const headers = response.headers ?? of.headers ?? of.responseHeaders;
  const body = [of.data, response.data, response.body, of.responseBody, of.body, of.error].find(isBody);
  return {
    status,
    headers: typeof headers === "object" ? (headers as HeadersLike) : undefined,
    body: body ?? { message: of.message, code: aws ? of.name : of.code, request_id: aws?.requestId },
  };
}

function isStatus(value: unknown): value is number {
  return typeof value === "number" && value >= 100 && value < 600;
}

function isBody(value: unknown): value is string | object {
  if (typeof value !== "object" || value === null) return typeof value === "string";
  // A stream is not a body yet.
  return !("getReader" in value || "pipe" in value);
}

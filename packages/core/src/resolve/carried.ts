import { filled } from "./finding.ts";
import type { AnsweredOutcome, HeadersLike } from "../outcome.ts";
import { own } from "./own.ts";
import type { Verdict } from "../verdict.ts";

/** The verdict that an error carries already, such as one of our own. */
export function verdictIn(error: unknown): Verdict | null {
  const verdict = own(error, "verdict");
  return typeof own(verdict, "kind") === "string" &&
    typeof own(verdict, "retryable") === "boolean" &&
    typeof own(verdict, "evidence") === "string"
    ? (verdict as Verdict)
    : null;
}

/** The answer that an error of an HTTP client or an SDK carries; `null` when it carries none, or one that was cut off. */
export function answerIn(error: unknown): AnsweredOutcome | null {
  if (error === null || typeof error !== "object") return null;
  const of = error as Record<string, unknown>;
  const response = (of["response"] ?? of["rawResponse"] ?? of["$response"] ?? {}) as Record<string, unknown>;
  const aws = of["$metadata"] as Record<string, unknown> | undefined;
  const status = [
    response["status"],
    response["statusCode"],
    of["status"],
    of["statusCode"],
    aws?.["httpStatusCode"],
  ].find((value): value is number => typeof value === "number" && value >= 100 && value <= 599);
  if (status === undefined) {
    // An SDK that read an error event from a stream has a body, and no status.
    return isError(of["error"]) && filled(of["code"]) === null ? { status: 200, body: { error: of["error"] } } : null;
  }
  // A success that still failed was cut off while it was read.
  if (status < 400) return null;
  const headers = response["headers"] ?? of["headers"] ?? of["responseHeaders"];
  const body = [of["data"], response["data"], response["body"], of["responseBody"], of["body"], of["error"]].find(
    isBody,
  );
  return {
    status,
    ...(isHeaders(headers) ? { headers } : {}),
    body: body ?? {
      message: of["message"],
      code: aws === undefined ? of["code"] : of["name"],
      request_id: aws?.["requestId"],
    },
  };
}

function isError(value: unknown): boolean {
  return own(value, "type") !== undefined || own(value, "message") !== undefined || own(value, "error") !== undefined;
}

function isHeaders(value: unknown): value is HeadersLike {
  return typeof value === "object" && value !== null;
}

function isBody(value: unknown): value is string | object {
  if (typeof value === "string") return true;
  if (typeof value !== "object" || value === null) return false;
  // A stream is not a body yet.
  return !("getReader" in value) && !("pipe" in value);
}

import { type Attempt, because, carry, FailwellError, type Failure, type TimeoutError } from "@failwell/core";
import { type FailedAttempt, knownVerdict, unread } from "@failwell/fetch/lend";
import * as host from "ky";
import type { KyOptions } from "./options.ts";

/** What a ky user expects to catch. */
interface Facts {
  readonly request: Request;
  /** A profile of `none` changes nothing that can be seen. */
  readonly plain: boolean;
}

/**
 * A failed call in ky's words: network failures are what fetch throws, from which ky 2 makes its NetworkError; timers are
 * ky's TimeoutError, with ours as the cause. Both carry verdict and attempts. What is neither stays what it is.
 */
export function inWordsOfKy(error: unknown, { request, plain }: Facts): unknown {
  if (!FailwellError.is(error)) return error;
  const { verdict, attempts, code, cause } = error;
  const inner = code === "ambiguous_outcome" && FailwellError.is(cause) ? cause : error;
  if (inner.code === "timeout" && (inner as TimeoutError).layer !== "transport") {
    return carry(timeout(request, error), verdict, attempts);
  }
  if (inner.code !== "network" && inner.code !== "timeout") return error;
  const raw = inner.cause;
  if (plain || inner === error || !(raw instanceof Error)) return carry(raw, verdict, attempts);
  // Nothing may hide that the outcome is not known, and no chain of causes may be a ring.
  return carry(new TypeError(raw.message, { cause: error }), verdict, attempts);
}

/**
 * The error that ky gives to `beforeRetry` and `shouldRetry`.
 *
 * @param shown the options as ky shows them
 */
export async function attemptError(
  failed: FailedAttempt,
  request: Request,
  shown: object,
  parseJson: KyOptions["parseJson"] = (text) => JSON.parse(text) as unknown,
): Promise<Error> {
  const { response, verdict, attempts } = failed;
  if (response !== null) {
    const error = new host.HTTPError(response.clone(), request, shown as host.NormalizedOptions);
    error.data = await dataOf(response, (text) => parseJson(text, { request, response }));
    return carry(error, verdict, attempts);
  }
  const { error } = failed;
  if (FailwellError.is(error, "timeout")) return carry(timeout(request, error), verdict, attempts);
  const cause = error instanceof Error ? error : new Error(String(error));
  // ky 1 has none, and gives what fetch threw.
  const own = "NetworkError" in host ? new host.NetworkError(request, { cause }) : cause;
  return carry(own, verdict, attempts);
}

/** Makes an error that ky made carry the verdict and the attempts, and its response readable. */
export function enrich(error: Error, attempts: readonly Attempt[], failure: Failure | null): Error {
  // That of an attempt, which a hook threw again, carries everything already.
  if ("verdict" in error) return error;
  if (isHTTPError(error)) {
    const { response } = error;
    carry(error, knownVerdict(response) ?? null, attempts);
    // ky 2 has read it into `error.data`.
    const twin = response.bodyUsed ? unread(response) : null;
    if (twin !== null) error.response = carry(twin, null, attempts) as typeof response;
  } else if (failure !== null) carry(error, failure.verdict, failure.attempts);
  return error;
}

function isHTTPError(error: Error): error is host.HTTPError {
  return error instanceof host.HTTPError || error.name === "HTTPError";
}

/** What ky 2 reads into `error.data`. */
async function dataOf(response: Response, parse: (text: string) => unknown): Promise<unknown> {
  const text = await response.text();
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";", 1);
  if (text === "") return undefined;
  if (!/\/(?:.*[.+-])?json$/i.test(type.trim())) return text;
  try {
    return await parse(text);
  } catch {
    return undefined;
  }
}

/** ky's own error for a timer of ours. */
function timeout(request: Request, cause: unknown): host.TimeoutError {
  const error = new host.TimeoutError(request);
  because(error, cause);
  return error;
}

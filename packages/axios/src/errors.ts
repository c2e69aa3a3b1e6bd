import { attemptsOf, because, carry, FailwellError, type TimeoutError, type Verdict } from "@failwell/core";
import { AxiosError, CanceledError, isCancel } from "axios";
import type { Kind } from "./adapters.ts";
import type { Config } from "./request.ts";

/** What is known of a call that failed. */
export interface Facts {
  readonly config: Config;
  readonly kind: Kind;
  /** axios' own request object of the last attempt. */
  readonly request: unknown;
  /** What the last failure was found to mean. */
  readonly verdict: Verdict | null;
}

/**
 * What axios would have thrown, with verdict and attempts on it. Only what axios has no words for stays ours: that nothing
 * was sent.
 */
export function inWordsOfAxios(error: unknown, facts: Facts): unknown {
  if (!FailwellError.is(error)) {
    const attempts = attemptsOf(error);
    return attempts.length === 0 ? error : carry(error, facts.verdict, attempts);
  }
  const { code, verdict, attempts, cause } = error;
  const ambiguous = code === "ambiguous_outcome" && FailwellError.is(cause);
  const failure = ambiguous ? cause : error;
  const host = hostError(failure, facts);
  if (host === null) return error;
  if (ambiguous) {
    const own = ownCause(host);
    // One that is frozen stays as it is.
    if (!because(host, error)) return host;
    // The chain of causes must not lead back to where it began.
    if (failure.cause === host) because(failure, own);
  }
  return carry(host, verdict, attempts);
}

/** A double may throw the same error again: what another call gave it for a cause is none of its own. */
function ownCause({ cause }: Error): unknown {
  return FailwellError.is(cause, "ambiguous_outcome") && cause.cause instanceof Error ? cause.cause.cause : cause;
}

/** The error of axios in a failure; `null` when axios had no part in it. */
function hostError(failure: FailwellError, { config, kind, request }: Facts): Error | null {
  const { limitMs, layer } = failure as Partial<TimeoutError>;
  if (layer === "library") {
    const clear = kind === "fetch" || config.transitional?.clarifyTimeoutError === true;
    const message = config.timeoutErrorMessage ?? `timeout of ${limitMs}ms exceeded`;
    const timeout = new AxiosError(message, clear ? AxiosError.ETIMEDOUT : AxiosError.ECONNABORTED, config, request);
    because(timeout, failure);
    return timeout;
  }
  return failure.cause instanceof Error && !FailwellError.is(failure.cause) ? failure.cause : null;
}

/**
 * The error of axios for a call that its caller ended.
 *
 * @param own what the adapter threw when it was told, if it did
 */
export function canceled(reason: unknown, own: unknown, { config, kind, request }: Facts): unknown {
  // A token makes its error once, and every call that it ends throws the same.
  if (isCancel(reason)) return reason;
  const message = reason instanceof Error ? reason.message : reason;
  const error = isCancel(own)
    ? own
    : new CanceledError(kind === "fetch" && message !== undefined ? String(message) : undefined, config, request);
  // That of another error of axios, made on the way, says nothing.
  const mute = error.cause === undefined || isCancel(error.cause);
  if (mute && reason !== undefined) because(error, reason);
  return error;
}

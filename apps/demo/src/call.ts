import type { Clock } from "@failwell/core";
import {
  type Attempt,
  attemptsOf,
  FailwellError,
  type FailwellEvent,
  type FetchPolicy,
  resilient,
  type ResilientInit,
  type Verdict,
  verdictOf,
} from "@failwell/fetch";

/** One call of a resilient fetch, and everything that can be known about it afterwards. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly attempts: readonly Attempt[];
  readonly events: readonly FailwellEvent[];
  /** What the last failure meant; `null` when there was none, or when the caller ended it. */
  readonly verdict: Verdict | null;
  /** `null` when no answer came. */
  readonly status: number | null;
  /** `null` when it could not be read to its end. */
  readonly body: string | null;
  /** What the fetch threw, or the reading of the body; `null` when neither did. */
  readonly error: unknown;
}

export interface CallInit extends Omit<ResilientInit, "policy"> {
  readonly onEvent?: (event: FailwellEvent) => void;
  /** Looks for an error inside a success, too. */
  readonly suspicious?: boolean;
}

/** Calls, and tells what happened instead of throwing. */
export type Caller = (url: string, init?: CallInit) => Promise<Call>;

/** Makes a client with one policy, as an application would: the rest of the demo is the provider and the telling. */
export function makeCaller(policy: FetchPolicy, clock: Clock, signal: AbortSignal): Caller {
  const client = resilient(fetch, { ...policy, clock });
  return async (url, { onEvent, suspicious = false, ...init } = {}) => {
    const events: FailwellEvent[] = [];
    const listen = (event: FailwellEvent): void => {
      events.push(event);
      onEvent?.(event);
    };
    const told = { method: init.method ?? "GET", url, events };
    const ends = init.signal ? AbortSignal.any([signal, init.signal]) : signal;
    let response: Response;
    try {
      response = await client(url, { ...init, signal: ends, policy: { onEvent: listen } });
    } catch (error) {
      // The reason of an abort is the caller's own object: what was attempted is told by the event.
      const end = events.findLast((event) => event.type === "gaveUp");
      return { ...told, attempts: end?.attempts ?? [], verdict: verdictIn(error), status: null, body: null, error };
    }
    const answered = { ...told, attempts: attemptsOf(response), status: response.status };
    try {
      // What was wrong on the way to a success is told by its last failed attempt.
      const failed = events.findLast((event) => event.type === "attemptFailed");
      const verdict = suspicious ? await verdictOf(response) : (failed?.verdict ?? null);
      return { ...answered, verdict, body: await response.text(), error: null };
    } catch (error) {
      return { ...answered, verdict: verdictIn(error), body: null, error };
    }
  };
}

function verdictIn(error: unknown): Verdict | null {
  return FailwellError.is(error) ? error.verdict : null;
}

import type { Attempt } from "./attempt.ts";
import { type Kind, meanings } from "../catalog/kinds.ts";
import type { StopReason } from "./decide.ts";
import type { Phase, Verdict } from "../verdict.ts";

/** What a {@link FailwellError} is made of. */
export interface FailwellErrorDetails {
  readonly verdict: Verdict;
  readonly attempts?: readonly Attempt[];
  readonly stopReason: StopReason;
  readonly cause?: unknown;
}

/**
 * A call that ended without an answer. Its message and its JSON hold no text of others, so that nothing can leak from them;
 * the raw error is the `cause`, and what the upstream said is in `verdict.upstream`: both for logs only.
 *
 * Recognise it with `FailwellError.is(error)` and by `code`: `instanceof` fails across two copies of a package.
 */
export class FailwellError extends Error {
  override name = "FailwellError";
  /** Stable: `network`, `timeout`, `circuit_open` or `cooling_down`. */
  readonly code: string;
  readonly verdict: Verdict;
  readonly attempts: readonly Attempt[];
  readonly stopReason: StopReason;
  /** When it may be tried again, in ms from the failure; `null` when nobody said. */
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, details: FailwellErrorDetails) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.verdict = details.verdict;
    this.attempts = details.attempts ?? [];
    this.stopReason = details.stopReason;
    this.retryAfterMs = details.verdict.retryAfterMs;
  }

  /** Is this one of the family, whichever copy of the package made it? */
  static is(value: unknown, code?: string): value is FailwellError {
    if (typeof value !== "object" || value === null || !("verdict" in value && "stopReason" in value)) return false;
    return code === undefined || (value as FailwellError).code === code;
  }

  /** Plain data for a log or a wire: safe to show, and at most 16 KiB as JSON. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, stopReason, retryAfterMs, verdict, attempts, cause } = this;
    const { upstream: _, evidence, ...meaning } = verdict;
    return {
      name,
      code,
      message,
      stopReason,
      retryAfterMs,
      verdict: { ...meaning, evidence: word(evidence) },
      // The newest are worth most.
      attempts: attempts.slice(-20).map((attempt) => ({
        ...attempt,
        evidence: word(attempt.evidence),
        requestId: word(attempt.requestId),
      })),
      causes: causes(cause),
    };
  }
}

/** Which timer rang. */
export type TimerName = "connect" | "attempt" | "idle" | "deadline";

/**
 * Something took too long. Its `name` is that of the platform's timeouts, which other code may look for.
 *
 * It says which timer of which layer fired.
 */
export class TimeoutError extends FailwellError {
  override name = "TimeoutError";
  readonly timer: TimerName;
  /** `library`: a timer of the policy. `transport`: one of the client underneath. */
  readonly layer: "library" | "transport";
  /** `null` when the layer does not say. */
  readonly limitMs: number | null;
  readonly elapsedMs: number;
  /** May the server have done the work? Then sending it again may do it twice. */
  readonly requestMayHaveExecuted: boolean;

  constructor(
    timer: TimerName,
    details: {
      readonly limitMs: number | null;
      readonly elapsedMs: number;
      readonly phase: Phase;
      /** Of the layer underneath, with what it threw. */
      readonly transport?: { readonly verdict: Verdict; readonly cause: unknown };
    },
  ) {
    const { limitMs, phase, transport } = details;
    const elapsedMs = Math.round(details.elapsedMs);
    const message = `${texts[timer]} within ${limitMs ?? elapsedMs} ms (${timer} timeout of ${transport ? "the transport" : "the policy"})`;
    super("timeout", message, {
      verdict: transport?.verdict ?? localVerdict("timeout", phase, `timer ${timer}`, timer !== "deadline"),
      stopReason: timer === "deadline" ? "deadline" : "fatal",
      ...(transport && { cause: transport.cause }),
    });
    this.timer = timer;
    this.layer = transport ? "transport" : "library";
    this.limitMs = limitMs;
    this.elapsedMs = elapsedMs;
    this.requestMayHaveExecuted = phase !== "unsent";
  }

  override toJSON(): Record<string, unknown> {
    const { timer, layer, limitMs, elapsedMs, requestMayHaveExecuted } = this;
    return { ...super.toJSON(), timer, layer, limitMs, elapsedMs, requestMayHaveExecuted };
  }
}

const texts: Readonly<Record<TimerName, string>> = {
  connect: "no connection",
  attempt: "no answer",
  idle: "no further byte of the body",
  deadline: "not finished",
};

/**
 * What is thrown after the last attempt: network failures and timeouts as a {@link FailwellError}, anything else as it is.
 *
 * @param verdict `null` when only the caller can judge, as after an abort
 */
export function giveUp(
  error: unknown,
  verdict: Verdict | null,
  attempts: readonly Attempt[],
  stopReason: StopReason,
): unknown {
  const ours = FailwellError.is(error) && error.attempts.length === 0;
  const network = verdict !== null && (verdict.kind === "network" || verdict.kind === "timeout");
  if (verdict !== null && !ours && !network) return error;
  // The caller may have got the answer already, and now its body breaks: one call has one reason.
  const last = attempts.at(-1) as { stop: StopReason; elapsedMs: number } | undefined;
  if (last !== undefined) last.stop = stopReason;
  if (verdict === null) return error;
  if (ours) return Object.assign(error, { attempts, stopReason });
  // That of a call inside this one keeps its own history.
  if (FailwellError.is(error)) {
    return new FailwellError(error.code, error.message, { verdict, attempts, stopReason, cause: error });
  }
  const { kind, phase, upstream } = verdict;
  const elapsedMs = last?.elapsedMs ?? 0;
  if (kind === "timeout") {
    const timer = phase === "unsent" ? "connect" : upstream.code === "UND_ERR_BODY_TIMEOUT" ? "idle" : "attempt";
    const timeout = new TimeoutError(timer, { limitMs: null, elapsedMs, phase, transport: { verdict, cause: error } });
    return Object.assign(timeout, { attempts, stopReason });
  }
  const message = `network failure${upstream.code ? ` ${word(upstream.code)}` : ""} on attempt ${attempts.length}, stopped: ${stopReason}`;
  return new FailwellError("network", message, { verdict, attempts, stopReason, cause: error });
}

/** Nothing was sent: the breaker or the cool-down gate refused. `retryAfterMs` may be `Infinity`: nobody knows until when. */
export function refusal(code: "circuit_open" | "cooling_down", key: string, retryAfterMs: number): FailwellError {
  const until = retryAfterMs === Infinity ? "until it is switched on" : `next attempt in ${Math.ceil(retryAfterMs)} ms`;
  const message = `${key}: ${code === "circuit_open" ? "circuit is open" : "cool-down is on"}, ${until}`;
  const hint = retryAfterMs === Infinity ? null : Math.ceil(retryAfterMs);
  return new FailwellError(code, message, {
    verdict: localVerdict("unavailable", "unsent", code, hint !== null, hint),
    stopReason: code === "circuit_open" ? "breaker" : "deadline",
  });
}

/** A verdict that no server spoke. */
export function localVerdict(
  kind: Kind,
  phase: Phase,
  evidence: string,
  retryable: boolean,
  retryAfterMs: number | null = null,
): Verdict {
  const { fault, status, meaning, action } = meanings.kinds[kind];
  const upstream = { status: null, code: null, message: null, requestId: null };
  return { kind, fault, status, retryable, retryAfterMs, phase, meaning, action, provider: null, upstream, evidence };
}

/** What may be shown of a name that others gave: letters, digits and what stands between them, 80 at most. */
function word(text: string | null): string | null {
  return text && text.replace(/[^\w .:/-]/g, "").slice(0, 80);
}

function causes(error: unknown): { name: string | null; code: string | null }[] {
  const list = [];
  const seen = new Set<unknown>();
  for (let link = error; link instanceof Error && seen.size < 5 && !seen.has(link); link = link.cause) {
    seen.add(link);
    const { name, code } = link as { name: unknown; code?: unknown };
    list.push({ name: word(String(name)), code: typeof code === "string" ? word(code) : null });
  }
  return list;
}

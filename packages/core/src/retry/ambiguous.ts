import type { Attempt } from "./attempt.ts";
import { FailwellError } from "./errors.ts";

/** What is known of a request whose outcome is not. */
export interface SentRequest {
  /** `POST https://host/path`, without its query. */
  readonly call: string;
  /** The same on every attempt; `null` when it had none. */
  readonly idempotencyKey: string | null;
}

/**
 * A request that does harm when it is executed twice went out, and nobody knows what became of it. It is not sent again.
 *
 * The failure itself, a {@link FailwellError} of the network or of a timer, is the `cause`.
 */
export class AmbiguousOutcomeError extends FailwellError implements SentRequest {
  override name = "AmbiguousOutcomeError";
  readonly call: string;
  readonly idempotencyKey: string | null;
  /** How often it went out and may have been executed. */
  readonly copies: number;
  /** How far the last one got: `sent`, or `answering` when its answer had begun and broke off. */
  readonly progress: "sent" | "answering";
  /** What to do now. */
  readonly action: string;

  constructor(failure: FailwellError, { call, idempotencyKey }: SentRequest, copies: number) {
    const { verdict, attempts, stopReason } = failure;
    const progress = attempts.at(-1)?.status == null ? "sent" : "answering";
    const action =
      idempotencyKey === null
        ? "look up whether it was executed before you send it again; with an idempotency key or reconcile() this is done for you"
        : "send it again with the same idempotency key, or look it up by that key";
    const far = progress === "sent" ? "without an answer" : "and its answer broke off";
    const times = copies === 1 ? "" : ` ${copies} times`;
    super("ambiguous_outcome", `${call} was sent${times} ${far}: ${action}`, {
      verdict,
      attempts,
      stopReason,
      cause: failure,
    });
    this.call = call;
    this.idempotencyKey = idempotencyKey;
    this.copies = copies;
    this.progress = progress;
    this.action = action;
  }

  override toJSON(): Record<string, unknown> {
    const { call, idempotencyKey, copies, progress, action } = this;
    return { ...super.toJSON(), call, idempotencyKey, copies, progress, action };
  }
}

/** How many of these attempts may have been executed. */
export function copiesOf(attempts: readonly Attempt[]): number {
  return attempts.filter(({ phase }) => phase === "unanswered").length;
}

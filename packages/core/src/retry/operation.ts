import type { SentRequest } from "./ambiguous.ts";
import type { FailwellError } from "./errors.ts";
import type { Attempt } from "./attempt.ts";
import type { Replayability } from "./decide.ts";
import type { Guard } from "./guard.ts";
import type { Verdict } from "../verdict.ts";

/** What came of an attempt that failed. */
export interface Failed<T> {
  readonly verdict: Verdict;
  /** What it returned, when it returned. */
  readonly value?: T;
  /** What it threw, when it threw. */
  readonly error?: unknown;
  readonly attempts: readonly Attempt[];
}

/** Something that can be attempted more than once. An adapter makes one per call. */
export interface Operation<T> extends Replayability {
  /** What shares a budget and a breaker: the origin. */
  readonly key: string;
  /** Is it attempted by something that repeats it already? Then one attempt is made here. */
  readonly nested?: boolean;
  /**
   * What shares a cool-down: the origin and the credential. Asked only when there is something to hold back.
   *
   * @param held what the last answer asks to hold back: it may have come from elsewhere; empty when nobody knows
   */
  cooldownKey(held?: boolean): string;
  /** Names the call in events, without secrets. */
  label(): string;
  /** One attempt. `guard.signal` ends it. */
  call(guard: Guard, number: number): PromiseLike<T>;
  /** What a value that was returned means; `null` for success. */
  inspect?(value: T, guard: Guard): Verdict | null | Promise<Verdict | null>;
  /** The HTTP status of a value. */
  status?(value: T): number;
  /** A last word on a failure: another verdict, or the same. */
  weigh?(failed: Failed<T>): Verdict | PromiseLike<Verdict>;
  /**
   * Looks up, before a retry, what became of an attempt that may have been executed. What it throws counts as `unknown`.
   *
   * @returns the value of the call; `absent`: nothing was executed, send it again; `unknown`: give up
   */
  reconcile?(failed: Failed<T>, guard: Guard): PromiseLike<{ readonly value: T } | "absent" | "unknown">;
  /** Comes before each retry, and may give the value of the call in its place. What it throws ends the call as it is. */
  beforeRetry?(failed: Failed<T>, guard: Guard): PromiseLike<{ readonly value: T } | undefined>;
  /**
   * Says what went out, when executing it twice does harm and nobody knows what became of it.
   *
   * @param failure `null` when the caller left
   */
  lost?(failure: FailwellError | null): SentRequest;
  /** Frees a value that nobody will get. */
  discard?(value: T): void;
  /** Hands a value out, or another one in its place. `kept`: whoever reads it will release the guard. */
  deliver?(value: T, guard: Guard): { readonly value: T; readonly kept: boolean };
}

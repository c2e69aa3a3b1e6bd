import { type Attempt, attemptsOf, remember } from "./attempt.ts";
import type { StopReason } from "./decide.ts";
import type { Verdict } from "../verdict.ts";

/** What an error that ended a resilient call carries, whichever client threw it. */
export interface Failure {
  readonly verdict: Verdict;
  readonly attempts: readonly Attempt[];
  readonly stopReason: StopReason;
}

/** What the error of a resilient call carries: ours, ky's or axios'. `null` for any other value, and for an abort. */
export function failureOf(error: unknown): Failure | null {
  if (typeof error !== "object" || error === null || !("verdict" in error)) return null;
  const { verdict, attempts: own } = error as Failure & { readonly attempts?: readonly Attempt[] };
  const attempts = own ?? attemptsOf(error);
  const stopReason = (error as Partial<Failure>).stopReason ?? attempts.at(-1)?.stop;
  return stopReason == null ? null : { verdict, attempts, stopReason };
}

/** Makes an error of a client carry `verdict` and `attempts`; nothing else of it changes, and nothing can be enumerated. */
export function carry<E>(error: E, verdict: Verdict | null, attempts: readonly Attempt[]): E {
  if (typeof error !== "object" || error === null || !Object.isExtensible(error)) return error;
  remember(error, attempts);
  for (const [name, value] of Object.entries({ verdict, attempts })) {
    if (value !== null) Object.defineProperty(error, name, { value, configurable: true, writable: true });
  }
  return error;
}

/**
 * Gives an error a cause as the platform does: nothing that walks over own properties meets it.
 *
 * @returns `false` when the error cannot be changed
 */
export function because(error: Error, cause: unknown): boolean {
  return Reflect.defineProperty(error, "cause", {
    value: cause,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

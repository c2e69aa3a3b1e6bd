export { createResilient, type KyLike, resilient } from "./resilient.ts";
export {
  AmbiguousOutcomeError,
  attemptsOf,
  FailwellError,
  type Failure,
  failureOf,
  TimeoutError,
} from "@failwell/core";
export { verdictOf } from "@failwell/fetch";
export type { Attempt, FailwellEvent, StopReason, Verdict } from "@failwell/core";
export type { FetchPolicy as KyPolicy } from "@failwell/fetch";

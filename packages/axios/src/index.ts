export { createResilient, resilient } from "./resilient.ts";
export type { AxiosPolicy } from "./policy.ts";
export { AmbiguousOutcomeError, attemptsOf, FailwellError, failureOf, TimeoutError } from "@failwell/core";
export type { Attempt, Failure, FailwellEvent, Policy, StopReason, Verdict } from "@failwell/core";

export { createResilient, resilient } from "./resilient.ts";
export { verdictOf } from "./verdict-of.ts";
export type { FetchPolicy, ResilientFetch, ResilientInit } from "./policy.ts";
export { AmbiguousOutcomeError, attemptsOf, FailwellError, failureOf, TimeoutError } from "@failwell/core";
export type { Attempt, FailwellEvent, Failure, LookUp, Policy, StopReason, Verdict } from "@failwell/core";

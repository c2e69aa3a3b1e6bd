export { createResilient, resilient } from "./resilient.ts";
export { verdictOf } from "./verdict-of.ts";
export type { FetchPolicy, ResilientFetch, ResilientInit } from "./policy.ts";
export { attemptsOf, FailwellError, TimeoutError } from "@failwell/core";
export type { Attempt, FailwellEvent, Policy, StopReason, Verdict } from "@failwell/core";

export { createResolver, resolve, type Resolve } from "./resolve.ts";
export type { AnsweredOutcome, HeadersLike, Outcome, ThrownOutcome } from "./outcome.ts";
export type { Phase, Verdict } from "./verdict.ts";
export { parseRetryAfter } from "./retry-after.ts";
export { type Catalog, type CatalogChanges, type CatalogEntry, documented, entryOf, extendCatalog } from "./catalog.ts";
export type { Fault, Kind } from "./catalog.ts";
export { catalog } from "./statuses.ts";
export { redact, type RedactOptions } from "./redact.ts";
export {
  additiveJitter,
  type Backoff,
  constant,
  decorrelatedJitter,
  documentedBackoff,
  equalJitter,
  exponential,
  fullJitter,
  standard,
} from "./backoff.ts";
export { type Cooldown, cooldownKey, createCooldown, type MemoryCooldown } from "./cooldown.ts";
export { type Budget, createBudget, type MemoryBudget } from "./budget.ts";
export {
  type Admission,
  type Breaker,
  type BreakerChange,
  type BreakerOptions,
  type BreakerOutcome,
  type BreakerState,
  createBreaker,
  type MemoryBreaker,
  type Permit,
} from "./breaker.ts";
export {
  decide,
  type Decision,
  type Replay,
  type Replayability,
  type RetryRules,
  type Standing,
  type StopReason,
} from "./decide.ts";
export { type Attempt, attemptsOf } from "./attempt.ts";
export { FailwellError, giveUp, TimeoutError, type TimerName } from "./errors.ts";
export type { FailwellEvent } from "./events.ts";
export { type Plan, planOf, type Policy, type Profile } from "./policy.ts";
export type { Guard, Progress } from "./guard.ts";
export type { Operation } from "./operation.ts";
export { retry, type RetryContext } from "./retry.ts";
export { execute } from "./run.ts";
export { type Clock, systemClock } from "./clock.ts";
export { toWire, type WireAnswer, type WireBodies, type WireBody, type WireDialect, type WireOptions } from "./wire.ts";
export { fromWire, type WireError } from "./from-wire.ts";

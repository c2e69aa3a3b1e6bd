export { createResolver, resolve } from "./resolve/resolve.ts";
export { createBaseResolver, type Resolve, type ResolveOptions } from "./resolve/base-resolver.ts";
export type { AnsweredOutcome, HeadersLike, Outcome, ThrownOutcome } from "./outcome.ts";
export type { Phase, Verdict } from "./verdict.ts";
export { parseRetryAfter } from "./resolve/retry-after.ts";
export {
  type Catalog,
  catalog,
  type CatalogChanges,
  type CatalogEntry,
  documented,
  extendCatalog,
} from "./catalog/catalog.ts";
export { entryOf, type Fault, type Kind, type Meaning, type Meanings } from "./catalog/kinds.ts";
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
} from "./retry/backoff.ts";
export { type Cooldown, cooldownKey, createCooldown, type MemoryCooldown } from "./state/cooldown.ts";
export { type Budget, createBudget, type MemoryBudget } from "./state/budget.ts";
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
} from "./state/breaker.ts";
export {
  decide,
  type Decision,
  type Replay,
  type Replayability,
  type RetryRules,
  type Standing,
  type StopReason,
} from "./retry/decide.ts";
export { type Attempt, attemptsOf, remember } from "./retry/attempt.ts";
export { FailwellError, giveUp, TimeoutError, type TimerName } from "./retry/errors.ts";
export { AmbiguousOutcomeError, type SentRequest } from "./retry/ambiguous.ts";
export { because, carry, type Failure, failureOf } from "./retry/failure.ts";
export type { FailwellEvent } from "./retry/events.ts";
export { type Plan, planOf, type Policy, type Profile, warningOnce } from "./retry/policy.ts";
export type { Guard, Progress } from "./retry/guard.ts";
export type { Failed, Operation } from "./retry/operation.ts";
export { passMark } from "./retry/nesting.ts";
export { retry, type RetryContext } from "./retry/retry.ts";
export { execute } from "./retry/run.ts";
export type { HttpPolicy, LookUp, RequestFacts } from "./http/policy.ts";
export { isIdempotent, keyFor, repetitionsIn } from "./http/request.ts";
export { bytesOf, openBody, peek, PEEK_BYTES, PEEK_MS, type Peeked } from "./http/peek.ts";
export { HttpOperation, type HttpRequest } from "./http/operation.ts";
export { builtIn, isLiftable, isRefusal, Unlimited } from "./http/dispatcher.ts";
export { type Clock, systemClock } from "./retry/clock.ts";
export {
  toWire,
  type WireAnswer,
  type WireBodies,
  type WireBody,
  type WireDialect,
  type WireOptions,
} from "./wire/to-wire.ts";
export { fromWire, type WireError } from "./wire/from-wire.ts";

import { type Backoff, standard } from "./backoff.ts";
import type { Breaker } from "./breaker.ts";
import { type Budget, createBudget, type MemoryBudget } from "./budget.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Cooldown, createCooldown } from "./cooldown.ts";
import type { Replay, RetryRules } from "./decide.ts";
import type { FailwellEvent } from "./events.ts";
import type { Resolve } from "./resolve.ts";
import { type Timers, timersOf } from "./timers.ts";

/** `standard` for ordinary calls, `longRunning` for minutes of silence and paid work, `none` for neither retries nor timers. */
export type Profile = "standard" | "longRunning" | "none";

/** How a call fails well. Everything left out comes from the profile. */
export interface Policy {
  readonly profile?: Profile;
  readonly retry?: {
    /** Calls in all, the first included: at least 1. Default 3; `none` 1. */
    readonly maxAttempts?: number;
    /** Default: full jitter over 1 s, 2 s, 4 s … up to 30 s. */
    readonly backoff?: Backoff;
    /** Default `documented`; `longRunning` `proven`. */
    readonly replay?: Replay;
    /** The longest hint that is waited for, in ms; a longer one ends the call and is passed on. Default 60 s; `longRunning` 300 s. */
    readonly maxRetryAfter?: number;
  };
  /** In ms; `Infinity` for no limit. */
  readonly timeouts?: {
    /** To a connection. Default 10 s. Only where the transport tells: Node. */
    readonly connect?: number;
    /** To the headers of one attempt. Default 60 s; `longRunning` 900 s. */
    readonly attempt?: number;
    /** Between two pieces of a body, while somebody reads it. Default 60 s; `longRunning` 900 s. */
    readonly idle?: number;
    /** For all attempts, waits and the body together. Default 180 s; `longRunning` 900 s. */
    readonly deadline?: number;
  };
  /** Shared allowance for retries; `false` for none. Default: one per policy, per origin. */
  readonly budget?: Budget | false;
  /** Default `false`. */
  readonly breaker?: Breaker | false;
  /** Holds back calls after a hint; `false` for not. Default: one per policy, per origin and credential. */
  readonly cooldown?: Cooldown | false;
  /** Told what happens. What it throws is ignored. */
  readonly onEvent?: (event: FailwellEvent) => void;
  /** Told once, when the policy is built, of what is allowed but dangerous. Default: `console.warn`. */
  readonly onWarning?: (warning: string) => void;
  /** What tells a failure from a success. Default: every dialect. */
  readonly resolve?: Resolve;
  readonly clock?: Clock;
  /** Numbers in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/** A policy, complete and checked. */
export interface Plan {
  readonly rules: RetryRules;
  readonly connect: number;
  readonly attempt: number;
  readonly idle: number;
  readonly deadline: number;
  readonly budget: Budget | null;
  /** Pays when the budget's store fails: fewer retries, never unlimited ones. */
  readonly fallbackBudget: MemoryBudget;
  readonly breaker: Breaker | null;
  readonly cooldown: Cooldown | null;
  readonly onEvent: ((event: FailwellEvent) => void) | undefined;
  readonly resolve: Resolve;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly warn: (warning: string) => void;
}

const profiles: Readonly<
  Record<Profile, readonly [maxAttempts: number, Replay, maxRetryAfter: number, attempt: number, deadline: number]>
> = {
  standard: [3, "documented", 60_000, 60_000, 180_000],
  longRunning: [3, "proven", 300_000, 900_000, 900_000],
  none: [1, "documented", 0, Infinity, Infinity],
};

/**
 * Checks and completes a policy, once, when the client is made.
 *
 * @param resolve the resolver of a policy that names none
 * @throws {RangeError} a value that cannot work, with its name, number and unit
 */
export function planOf(policy: Policy, resolve: Resolve): Plan {
  const { profile = "standard", retry = {}, timeouts = {}, clock = systemClock, random = Math.random } = policy;
  if (!Object.hasOwn(profiles, profile)) {
    throw new RangeError(`profile must be standard, longRunning or none, got "${profile}"`);
  }
  const [maxAttempts, replay, maxRetryAfter, attempt, deadline] = profiles[profile];
  const none = profile === "none";
  const plan: Plan = {
    rules: {
      maxAttempts: retry.maxAttempts ?? maxAttempts,
      backoff: retry.backoff ?? standard,
      replay: retry.replay ?? replay,
      maxRetryAfter: retry.maxRetryAfter ?? maxRetryAfter,
    },
    connect: timeouts.connect ?? (none ? Infinity : 10_000),
    attempt: timeouts.attempt ?? attempt,
    idle: timeouts.idle ?? attempt,
    deadline: timeouts.deadline ?? deadline,
    budget: policy.budget === undefined ? (none ? null : createBudget()) : policy.budget || null,
    fallbackBudget: createBudget(),
    breaker: policy.breaker || null,
    cooldown: policy.cooldown === undefined ? (none ? null : createCooldown({ clock })) : policy.cooldown || null,
    onEvent: policy.onEvent,
    resolve: policy.resolve ?? resolve,
    clock,
    timers: timersOf(clock),
    random,
    warn: policy.onWarning ?? ((warning) => console.warn(`failwell: ${warning}`)),
  };
  check(plan, timeouts);
  for (const warning of lint(plan)) plan.warn(warning);
  return plan;
}

function check({ rules, ...plan }: Plan, timeouts: NonNullable<Policy["timeouts"]>): void {
  if (!(Number.isInteger(rules.maxAttempts) && rules.maxAttempts >= 1)) {
    throw new RangeError(`retry.maxAttempts must be an integer of at least 1, got ${rules.maxAttempts}`);
  }
  if (!["documented", "proven", "always"].includes(rules.replay)) {
    throw new RangeError(`retry.replay must be documented, proven or always, got "${rules.replay}"`);
  }
  if (!(rules.maxRetryAfter >= 0)) {
    throw new RangeError(`retry.maxRetryAfter must be at least 0 ms, got ${rules.maxRetryAfter}`);
  }
  for (const name of ["connect", "attempt", "idle", "deadline"] as const) {
    // 0 is refused: to some it means at once, to others never.
    if (!(plan[name] > 0)) {
      throw new RangeError(`timeouts.${name} must be more than 0 ms, or Infinity for no limit, got ${plan[name]}`);
    }
  }
  const { attempt, deadline } = timeouts;
  if (attempt !== undefined && deadline !== undefined && deadline < attempt) {
    throw new RangeError(`timeouts.deadline must be at least timeouts.attempt, ${attempt} ms, got ${deadline} ms`);
  }
}

/** What is allowed in a plan but dangerous, in sentences with numbers; empty when nothing is. */
export function lint({ rules, attempt, deadline, budget }: Plan): string[] {
  const { maxAttempts, backoff } = rules;
  const warnings: string[] = [];
  if (maxAttempts > 1 && budget === null) {
    warnings.push(`without a budget, ${maxAttempts} attempts multiply the load by ${maxAttempts} during an outage`);
  }
  let [waits, wait] = [0, 0];
  for (let retry = 1; retry < Math.min(maxAttempts, 1000); retry++) {
    wait = backoff(retry, wait, half);
    waits += wait;
  }
  if (waits >= deadline) {
    warnings.push(
      `the waits between ${maxAttempts} attempts take ${Math.round(waits)} ms on average, the deadline is ${deadline} ms: the last attempts are never made`,
    );
  }
  if (deadline === Infinity && attempt === Infinity && maxAttempts > 1) {
    warnings.push("with neither timeouts.attempt nor timeouts.deadline a silent server holds a call for ever");
  }
  return warnings;
}

const half = (): number => 0.5;

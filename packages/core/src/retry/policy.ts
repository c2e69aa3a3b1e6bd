import { type Backoff, standard } from "./backoff.ts";
import type { Breaker } from "../state/breaker.ts";
import { type Budget, createBudget, type MemoryBudget } from "../state/budget.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Cooldown, createCooldown } from "../state/cooldown.ts";
import type { Replay, RetryRules } from "./decide.ts";
import type { FailwellEvent } from "./events.ts";
import { within } from "../state/port.ts";
import type { Resolve } from "../resolve/base-resolver.ts";

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
    /**
     * To a connection. Default 10 s, which is also the most that Node's own transport waits. Only where the transport
     * tells: Node. In a pool that limits its connections, the wait for one of them counts.
     */
    readonly connect?: number;
    /** To the headers of one attempt. Default 60 s; `longRunning` 900 s. */
    readonly attempt?: number;
    /** Between two pieces of a body, while somebody reads it. Default 60 s; `longRunning` 900 s. */
    readonly idle?: number;
    /** For all attempts, waits and the body together. Default 180 s; `longRunning` 900 s; at least `attempt`. */
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
  oneOf("profile", profile, profiles);
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
    // Nobody asks for an attempt that is to be cut short.
    deadline: timeouts.deadline ?? Math.max(deadline, timeouts.attempt ?? 0),
    budget: policy.budget === undefined ? (none ? null : createBudget()) : policy.budget || null,
    fallbackBudget: createBudget(),
    breaker: policy.breaker || null,
    cooldown: policy.cooldown === undefined ? (none ? null : createCooldown({ clock })) : policy.cooldown || null,
    onEvent: policy.onEvent,
    resolve: policy.resolve ?? resolve,
    clock,
    random,
    warn: policy.onWarning ?? ((warning) => console.warn(`failwell: ${warning}`)),
  };
  oneOf("retry.replay", plan.rules.replay, { documented: 0, proven: 0, always: 0 });
  check(plan, timeouts);
  for (const warning of lint(plan)) plan.warn(warning);
  return plan;
}

/** A policy that says each kind of warning once, however often it is completed: the numbers in one may differ from call to call. */
export function warningOnce<P extends Policy>(policy: P): P {
  const { onWarning = (warning: string) => console.warn(`failwell: ${warning}`) } = policy;
  const said = new Set<string>();
  return {
    ...policy,
    onWarning: (warning: string) => {
      const rule = warning.replace(/\d+/g, "");
      if (!said.has(rule)) onWarning(warning);
      said.add(rule);
    },
  };
}

function check({ rules, ...plan }: Plan, { attempt, deadline }: NonNullable<Policy["timeouts"]>): void {
  within("retry.maxAttempts", rules.maxAttempts, 1);
  within("retry.maxRetryAfter", rules.maxRetryAfter, 0);
  // 0 is refused: to some it means at once, to others never.
  for (const name of ["connect", "attempt", "idle", "deadline"] as const) within(`timeouts.${name}`, plan[name], 1);
  if (attempt! > deadline!) {
    throw new RangeError(`timeouts.deadline must be at least timeouts.attempt, ${attempt} ms, got ${deadline} ms`);
  }
}

function oneOf(name: string, value: string, known: object): void {
  if (!Object.hasOwn(known, value)) {
    throw new RangeError(`${name} must be one of ${Object.keys(known).join(", ")}, got ${value}`);
  }
}

/** What is allowed in a plan but dangerous, in sentences with numbers; empty when nothing is. */
function lint({ rules, attempt, deadline, budget }: Plan): string[] {
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
      `${maxAttempts} attempts need waits of about ${Math.round(waits)} ms, more than the deadline of ${deadline} ms`,
    );
  }
  if (deadline === Infinity && attempt === Infinity && maxAttempts > 1) {
    warnings.push("without timeouts.attempt and timeouts.deadline a silent server holds a call for ever");
  }
  return warnings;
}

const half = (): number => 0.5;

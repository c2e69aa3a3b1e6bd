import { AmbiguousOutcomeError, copiesOf } from "./ambiguous.ts";
import { type Attempt, remember } from "./attempt.ts";
import { beforeRetry } from "./before-retry.ts";
import { RETRY_COST } from "../state/budget.ts";
import { decide, type Decision, type RetryRules, type StopReason } from "./decide.ts";
import { FailwellError, giveUp } from "./errors.ts";
import { Gates } from "./gates.ts";
import { Guard } from "./guard.ts";
import type { Failed, Operation } from "./operation.ts";
import { isNested } from "./nesting.ts";
import type { Plan } from "./policy.ts";
import { Report } from "./report.ts";
import type { Verdict } from "../verdict.ts";

/**
 * Attempts an operation until it succeeds or the plan says stop: what every adapter calls.
 *
 * The order is fixed, outside to inside: deadline, retry with budget, then per attempt cool-down gate, breaker, attempt
 * timeout, transport.
 *
 * @throws what the last attempt threw, as a {@link FailwellError} when the network or a timer ended it; the caller's own
 *   reason on abort
 */
export function execute<T>(operation: Operation<T>, plan: Plan, caller: AbortSignal | null): Promise<T> {
  return caller?.aborted ? Promise.reject(caller.reason as Error) : new Run(operation, plan, caller).run();
}

/** What came of one attempt: a value or an error, and what it means. */
interface Result<T> {
  readonly value?: T;
  readonly error?: unknown;
  readonly failed: boolean;
  /** `null` for success, and for what only the caller can judge. */
  readonly verdict: Verdict | null;
}

/** One call and all its attempts. */
class Run<T> {
  readonly #operation: Operation<T>;
  readonly #plan: Plan;
  readonly #guard: Guard;
  readonly #rules: RetryRules;
  readonly #attempts: Mutable<Attempt>[] = [];
  readonly #report: Report;
  /** Most calls find both open, and need none. */
  #gates: Gates | null = null;
  /** The last failure, for as long as another attempt may follow. */
  #last: Result<T> | null = null;
  #previousWait = 0;
  /** What the budget took for the present attempt. */
  #paid = 0;
  /** So many attempts are known not to have been executed. */
  #cleared = 0;
  #kept = false;

  constructor(operation: Operation<T>, plan: Plan, caller: AbortSignal | null) {
    this.#operation = operation;
    this.#plan = plan;
    this.#guard = new Guard(plan, caller);
    this.#report = new Report(operation, plan);
    const nested = operation.nested === true || isNested(caller);
    this.#rules = nested ? { ...plan.rules, maxAttempts: 1 } : plan.rules;
  }

  /** The loop. */
  async run(): Promise<T> {
    const { cooldown, breaker } = this.#plan;
    try {
      for (let number = 1; ; number++) {
        const refused =
          (cooldown !== null && cooldown.idle !== true ? await this.#gate().coolDown(number) : null) ??
          (breaker !== null ? await this.#gate().admit() : null);
        if (refused !== null) {
          const result = this.#last ?? { error: refused, failed: true, verdict: refused.verdict };
          return this.#finish(result, refused.stopReason);
        }
        this.#discardLast();
        const result = await this.#attempt(number);
        if (result.verdict === null) return this.#settle(result);
        this.#last = result;
        const next = await this.#next(result.verdict, number);
        if (next.kind === "stop") return this.#finish(result, next.reason);
        this.#attempts[number - 1]!.waitMs = this.#previousWait = next.waitMs;
        await this.#guard.sleep(next.waitMs);
        const instead = await beforeRetry(this.#operation, this.#failed(result), this.#guard, this.#report);
        if (instead === "stop") return this.#finish(result, "unsafe_replay");
        if (instead === "absent") this.#cleared = number;
        else if (instead !== null) {
          this.#discardLast();
          this.#deposit(this.#paid);
          return this.#finish({ value: instead.value, failed: false, verdict: null }, "settled");
        }
      }
    } catch (error) {
      const last = this.#last;
      // Out of time between two attempts: what is known is worth more than that.
      if (last !== null && this.#guard.over === "deadline" && this.#attempts.at(-1)?.stop == null) {
        return this.#finish(last, "deadline");
      }
      // Aborted, or a hook threw.
      if (this.#attempts.at(-1)?.stop == null) this.#end(this.#guard.over ?? "fatal", this.#last?.verdict ?? null);
      throw error;
    } finally {
      this.#discardLast();
      this.#gates?.leave();
      if (!this.#kept) this.#guard.release();
    }
  }

  async #attempt(number: number): Promise<Result<T>> {
    const guard = this.#guard;
    const operation = this.#operation;
    let value: T | undefined;
    let error: unknown;
    let failed = false;
    let verdict: Verdict | null = null;
    try {
      value = await guard.attempt(operation, number);
      const meaning = operation.inspect?.(value, guard) ?? null;
      verdict = meaning instanceof Promise ? await guard.watch(meaning) : meaning;
    } catch (thrown) {
      if (value !== undefined) operation.discard?.(value);
      error = thrown;
      failed = true;
      if (guard.over !== "aborted") verdict = this.#judge(thrown);
    }
    if (verdict !== null && operation.weigh !== undefined && guard.over === null) {
      const result = failed ? { error, failed, verdict } : { value: value as T, failed, verdict };
      verdict = await guard.watch(operation.weigh(this.#failed(result))).catch((reason: unknown) => {
        if (!failed) operation.discard?.(value as T);
        throw reason;
      });
    }
    const startedMs = guard.attemptStartedMs - guard.startedMs;
    const aborted = guard.over === "aborted";
    this.#attempts.push({
      number,
      startedMs,
      elapsedMs: guard.elapsed() - startedMs,
      status: value === undefined ? (verdict?.upstream.status ?? null) : (operation.status?.(value) ?? null),
      phase: verdict?.phase ?? (failed ? guard.phase : "answered"),
      kind: aborted ? "client_closed" : (verdict?.kind ?? null),
      evidence: aborted ? "aborted" : (verdict?.evidence ?? null),
      retryAfterMs: verdict?.retryAfterMs ?? null,
      requestId: verdict?.upstream.requestId ?? null,
      waitMs: null,
      stop: null,
    });
    return failed ? { error, failed, verdict } : { value: value as T, failed, verdict };
  }

  #gate(): Gates {
    return (this.#gates ??= new Gates(this.#operation, this.#plan, this.#guard, this.#report));
  }

  #failed({ value, error, failed, verdict }: Result<T>): Failed<T> {
    const facts = { verdict: verdict!, attempts: this.#attempts };
    return failed ? { ...facts, error } : { ...facts, value: value as T };
  }

  #judge(error: unknown): Verdict | null {
    const ours = FailwellError.is(error);
    const verdict = ours ? error.verdict : this.#plan.resolve({ error });
    // Whoever knows the request has decided that it must not be sent again.
    if (ours && error.code === "ambiguous_outcome") return { ...error.verdict, retryable: false };
    const { phase, sent } = this.#guard;
    if (verdict === null || verdict.phase === "answered") return verdict;
    // The transport knows better than the looks of an error whether something went out: a redirect may be refused after it.
    if (sent) return { ...verdict, phase: "unanswered" };
    return phase === "unsent" ? { ...verdict, phase } : verdict;
  }

  /** A success, or a failure that only the caller can judge. */
  #settle(result: Result<T>): T {
    this.#gates?.settle(null);
    if (result.failed) return this.#finish(result, this.#guard.over ?? "fatal");
    this.#deposit(this.#paid || 1);
    return this.#finish(result, "settled");
  }

  /** Tells the shared state of a failure, and decides what follows. */
  async #next(verdict: Verdict, number: number): Promise<Decision> {
    const { breaker, budget, cooldown, fallbackBudget, random } = this.#plan;
    const operation = this.#operation;
    const { key } = operation;
    this.#paid = 0;
    this.#gates?.settle(verdict);
    this.#report.emit({
      type: "attemptFailed",
      attempt: number,
      elapsedMs: this.#attempts[number - 1]!.elapsedMs,
      verdict,
    });
    // The listener may have aborted.
    if (this.#guard.over === "aborted") await this.#guard.watch(null);
    const hint = verdict.retryAfterMs;
    if (cooldown !== null && hint !== null && verdict.phase === "answered") {
      const held = operation.cooldownKey(true);
      if (held !== "") void this.#report.ask("cooldown", () => cooldown.hold(held, hint), undefined);
    }
    if (this.#guard.over === "deadline") return { kind: "stop", reason: "deadline" };
    const standing = { attempt: number, remaining: this.#guard.remaining(), previousWait: this.#previousWait, random };
    const decision = decide(verdict, standing, this.#rules, operation);
    if (decision.kind === "stop") return decision;
    // A wait that ends at a closed door is not begun.
    if ((breaker?.remaining?.(key) ?? 0) > decision.waitMs) return { kind: "stop", reason: "breaker" };
    // A request that never went out did no work: sending it again costs nothing.
    if (budget !== null && verdict.phase !== "unsent") {
      const cost = THROTTLED.has(verdict.kind) ? RETRY_COST.throttled : RETRY_COST.transient;
      const paid = this.#report.ask(
        "budget",
        () => budget.withdraw(key, cost),
        () => fallbackBudget.withdraw(key, cost),
      );
      if (!(await this.#guard.watch(paid))) return { kind: "stop", reason: "budget" };
      this.#paid = cost;
    }
    this.#report.emit({ type: "retryScheduled", attempt: number + 1, waitMs: decision.waitMs, cause: verdict });
    return decision;
  }

  #finish(result: Result<T>, reason: StopReason): T {
    const { verdict } = result;
    this.#last = null;
    if (!result.failed) {
      const own = { value: result.value as T, kept: false };
      const { value, kept } = this.#operation.deliver?.(own.value, this.#guard) ?? own;
      this.#kept = kept;
      this.#end(reason, verdict);
      remember(value, this.#attempts);
      return value;
    }
    this.#end(reason, verdict);
    let error = verdict === null ? result.error : giveUp(result.error, verdict, this.#attempts, reason);
    const copies = this.#operation.idempotent ? 0 : copiesOf(this.#attempts.slice(this.#cleared));
    if (copies > 0) {
      const failure = FailwellError.is(error) ? error : null;
      const sent = this.#operation.lost?.(failure);
      if (sent !== undefined && failure !== null) error = new AmbiguousOutcomeError(failure, sent, copies);
    }
    // An abort reason belongs to the caller, who may use it for many calls.
    if (reason !== "aborted") remember(error, this.#attempts);
    throw error;
  }

  #end(reason: StopReason, verdict: Verdict | null): void {
    const attempts = this.#attempts;
    const last = attempts.at(-1);
    if (last !== undefined) [last.stop, last.waitMs] = [reason, null];
    if (!this.#report.heard) return;
    const facts = { attempts, elapsedMs: this.#guard.elapsed() };
    this.#report.emit(
      reason === "settled"
        ? { type: "succeeded", ...facts }
        : { type: "gaveUp", reason, verdict, retryAfterMs: verdict?.retryAfterMs ?? null, ...facts },
    );
  }

  #deposit(tokens: number): void {
    const { budget } = this.#plan;
    if (budget === null || tokens === 0) return;
    void this.#report.ask("budget", () => budget.deposit(this.#operation.key, tokens), undefined);
  }

  #discardLast(): void {
    if (this.#last !== null && !this.#last.failed) this.#operation.discard?.(this.#last.value as T);
    this.#last = null;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const THROTTLED: ReadonlySet<string> = /* @__PURE__ */ new Set(["rate_limit", "overloaded"]);

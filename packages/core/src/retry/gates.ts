import type { Admission, Permit } from "../state/breaker.ts";
import { type FailwellError, refusal } from "./errors.ts";
import type { Guard } from "./guard.ts";
import type { Operation } from "./operation.ts";
import type { Plan } from "./policy.ts";
import type { Report } from "./report.ts";
import type { Verdict } from "../verdict.ts";

/** What stands before an attempt: the cool-down, then the breaker. What they refuse was never sent. */
export class Gates {
  readonly #operation: Pick<Operation<never>, "key" | "cooldownKey">;
  readonly #plan: Plan;
  readonly #guard: Guard;
  readonly #report: Report;
  #permit: Permit | null = null;

  constructor(operation: Pick<Operation<never>, "key" | "cooldownKey">, plan: Plan, guard: Guard, report: Report) {
    this.#operation = operation;
    this.#plan = plan;
    this.#guard = guard;
    this.#report = report;
  }

  /** Waits until the cool-down of this origin and credential is over, or says why that takes too long. */
  async coolDown(number: number): Promise<FailwellError | null> {
    const { cooldown, rules, random } = this.#plan;
    const key = this.#operation.cooldownKey();
    for (;;) {
      const left = await this.#guard.watch(this.#report.ask("cooldown", () => cooldown!.remaining(key), 0));
      if (!(left > 0)) return null;
      const remaining = this.#guard.remaining();
      if (left > rules.maxRetryAfter || left >= remaining) return refusal("cooling_down", this.#operation.key, left);
      // Those who were held back together must not come back together.
      const waitMs = left + random() * Math.min(left / 10 + 1000, (remaining - left) / 2);
      this.#report.emit({ type: "coolingDown", attempt: number, waitMs });
      await this.#guard.sleep(waitMs);
    }
  }

  /** Asks the breaker; its permit is kept until the attempt is settled. */
  async admit(): Promise<FailwellError | null> {
    const { key } = this.#operation;
    const breaker = this.#plan.breaker!;
    let admission: Admission | null = null;
    let gone = false;
    const question = (): Admission | PromiseLike<Admission> => {
      const answer = breaker.admit(key);
      if (!(answer instanceof Promise)) return answer;
      // A permit that comes after the call has left is given back: it may be the only probe.
      return answer.then((late: Admission) => {
        if (gone && late.admitted) void breaker.settle(late.permit, "ignored");
        return late;
      });
    };
    try {
      admission = await this.#guard.watch(this.#report.ask("breaker", question, null));
    } finally {
      gone = admission === null;
    }
    if (admission?.admitted === false) return refusal("circuit_open", key, admission.retryAfterMs);
    this.#permit = admission?.permit ?? null;
    return null;
  }

  /** Gives back what was never settled: the call ended in between. */
  leave(): void {
    const permit = this.#permit;
    if (permit === null) return;
    this.#permit = null;
    void this.#report.ask("breaker", () => this.#plan.breaker!.settle(permit, "ignored"), undefined);
  }

  /** Tells the breaker how the attempt that it admitted went. */
  settle(verdict: Verdict | null): void {
    const permit = this.#permit;
    if (permit === null) return;
    this.#permit = null;
    const outcome = this.#guard.over === "aborted" ? "ignored" : health(verdict);
    void this.#report.ask(
      "breaker",
      () => this.#plan.breaker!.settle(permit, outcome, verdict?.retryAfterMs),
      undefined,
    );
  }
}

const SICK: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "internal",
  "upstream",
  "overloaded",
  "unavailable",
  "timeout",
  "network",
]);

/** What an answer says about the dependency: the caller's own mistakes are answered by a healthy one. */
function health(verdict: Verdict | null): "success" | "failure" | "ignored" {
  if (verdict === null) return "success";
  if (SICK.has(verdict.kind)) return "failure";
  return verdict.kind === "rate_limit" ? "ignored" : "success";
}

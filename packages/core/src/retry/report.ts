import type { FailwellEvent, Fact } from "./events.ts";
import type { Operation } from "./operation.ts";
import type { Plan } from "./policy.ts";
import { ask, tell } from "../state/port.ts";

/** Tells of one call: to its listener, and when a port fails. */
export class Report {
  readonly #operation: Operation<never>;
  readonly #plan: Plan;
  readonly #id: number = ++calls;

  constructor(operation: Pick<Operation<never>, "label">, plan: Plan) {
    this.#operation = operation as Operation<never>;
    this.#plan = plan;
  }

  /** Is anybody listening? */
  get heard(): boolean {
    return this.#plan.onEvent !== undefined;
  }

  emit(fact: Fact): void {
    const { onEvent } = this.#plan;
    if (onEvent !== undefined) tell<FailwellEvent>(onEvent, { id: this.#id, call: this.#operation.label(), ...fact });
  }

  /** Asks a port; when it fails or takes too long, `fallback` answers. */
  ask<A>(
    port: "budget" | "breaker" | "cooldown",
    question: () => A | PromiseLike<A>,
    fallback: A | (() => A),
  ): A | Promise<A> {
    return ask(question, fallback, {
      clock: this.#plan.clock,
      onFault: (fault) => this.emit({ type: "portFailed", port, fault }),
    });
  }
}

let calls = 0;

import { constant } from "../retry/backoff.ts";
import type { Kind } from "../catalog/kinds.ts";
import { FailwellError, localVerdict } from "../retry/errors.ts";
import type { FailwellEvent } from "../retry/events.ts";
import type { Guard } from "../retry/guard.ts";
import type { Operation } from "../retry/operation.ts";
import { type Plan, planOf, type Policy } from "../retry/policy.ts";
import type { Phase, Verdict } from "../verdict.ts";
import { type JumpingClock, jumpingClock } from "./jumping-clock.ts";

/** What an attempt does: an answer, a failure, or silence for ever. */
export type Step =
  | "ok"
  | "hang"
  | Error
  | {
      readonly kind: Kind;
      readonly retryable?: boolean;
      readonly retryAfterMs?: number;
      readonly phase?: Phase;
      readonly takes?: number;
    };

/** An answer with its meaning: what a response is to fetch. */
export interface Answer {
  readonly attempt: number;
  readonly verdict: Verdict | null;
  discarded: boolean;
}

/** An operation that follows a script, and remembers what was done to it. */
export interface Scripted extends Operation<Answer> {
  readonly answers: Answer[];
  readonly signals: AbortSignal[];
  /** When the attempts began, in ms. */
  readonly calls: number[];
}

/** The last step repeats. */
export function scripted(
  clock: JumpingClock,
  steps: readonly Step[],
  facts: Partial<Operation<Answer>> = {},
): Scripted {
  const answers: Answer[] = [];
  const signals: AbortSignal[] = [];
  const calls: number[] = [];
  return {
    key: "https://api.test",
    idempotent: true,
    keyed: false,
    replayable: true,
    cooldownKey: () => "https://api.test#1",
    label: () => "GET https://api.test/x",
    answers,
    signals,
    calls,
    call(guard: Guard, attempt: number): Promise<Answer> {
      calls.push(clock.now());
      signals.push(guard.signal);
      const step = steps[Math.min(attempt, steps.length) - 1]!;
      if (step instanceof Error) return Promise.reject(step);
      if (step === "hang") return new Promise(() => {});
      const verdict =
        step === "ok"
          ? null
          : localVerdict(
              step.kind,
              step.phase ?? "answered",
              "script",
              step.retryable ?? true,
              step.retryAfterMs ?? null,
            );
      const answer = { attempt, verdict, discarded: false };
      answers.push(answer);
      if (step === "ok" || step.takes === undefined) return Promise.resolve(answer);
      const { takes } = step;
      return new Promise((resolve) => void clock.set(() => resolve(answer), takes));
    },
    inspect: (answer) => answer.verdict,
    discard: (answer) => void (answer.discarded = true),
    ...facts,
  };
}

/** A network failure, as far as the resolver below knows one. */
export function broken(phase: Phase = "unanswered"): Error {
  return Object.assign(new Error("socket hang up"), { phase });
}

/** A plan on a jumping clock, without jitter, that keeps its events. */
export function testPlan(policy: Policy = {}): { clock: JumpingClock; plan: Plan; events: FailwellEvent[] } {
  const clock = (policy.clock as JumpingClock | undefined) ?? jumpingClock();
  const events: FailwellEvent[] = [];
  const plan = planOf(
    {
      onEvent: (event) => events.push(event),
      random: () => 0,
      ...policy,
      clock,
      retry: { backoff: constant(100), ...policy.retry },
    },
    (outcome) => {
      const { error } = outcome as { error: unknown };
      if (FailwellError.is(error)) return error.verdict;
      const { phase } = error as { phase?: Phase };
      return phase === undefined
        ? localVerdict("unknown", "unanswered", "thrown", false)
        : localVerdict("network", phase, "thrown", true);
    },
  );
  return { clock, plan, events };
}

import { describe, expect, test } from "vitest";
import { AmbiguousOutcomeError } from "./ambiguous.ts";
import { attemptsOf } from "./attempt.ts";
import { FailwellError } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { execute } from "./run.ts";
import { failure } from "../testing/failure.fixture.ts";
import { type Answer, broken, scripted, type Step, testPlan } from "../testing/scripted.fixture.ts";

const paid: Partial<Operation<Answer>> = {
  idempotent: false,
  lost: () => ({ call: "POST https://api.test/jobs", idempotencyKey: null }),
};
const keyed: Partial<Operation<Answer>> = {
  idempotent: false,
  keyed: true,
  lost: () => ({ call: "POST https://api.test/jobs", idempotencyKey: "k1" }),
};

async function outcome(steps: readonly Step[], facts: Partial<Operation<Answer>>): Promise<AmbiguousOutcomeError> {
  const { clock, plan } = testPlan();
  return (await failure(clock.run(execute(scripted(clock, steps, facts), plan, null)))) as AmbiguousOutcomeError;
}

describe("work that may have been executed", () => {
  test("ends with an error that says what was sent, how far it got and what to do; the failure is its cause", async () => {
    const cause = broken();
    const error = await outcome([cause], paid);
    expect(error).toBeInstanceOf(AmbiguousOutcomeError);
    expect(FailwellError.is(error, "ambiguous_outcome")).toBe(true);
    expect(error).toMatchObject({
      name: "AmbiguousOutcomeError",
      call: "POST https://api.test/jobs",
      idempotencyKey: null,
      copies: 1,
      progress: "sent",
      stopReason: "unsafe_replay",
      verdict: { kind: "network", phase: "unanswered" },
      cause: { code: "network", stopReason: "unsafe_replay", cause },
    });
    expect(error.message).toBe(
      "POST https://api.test/jobs was sent without an answer: look up whether it was executed before you send it again; with an idempotency key or reconcile() this is done for you",
    );
    expect(attemptsOf(error)).toBe(error.attempts);
  });

  test("with a key says how often it went out, and to use the same key again", async () => {
    const error = await outcome([broken()], keyed);
    expect(error).toMatchObject({ copies: 3, idempotencyKey: "k1", stopReason: "attempts" });
    expect(error.message).toBe(
      "POST https://api.test/jobs was sent 3 times without an answer: send it again with the same idempotency key, or look it up by that key",
    );
  });

  test("stays ambiguous when only an earlier attempt may have been executed", async () => {
    expect(await outcome([broken(), broken("unsent")], keyed)).toMatchObject({ copies: 1, code: "ambiguous_outcome" });
  });

  test("is not ambiguous when nothing was sent", async () => {
    expect(await outcome([broken("unsent")], paid)).toMatchObject({ code: "network", stopReason: "attempts" });
  });

  test("is not ambiguous when executing it twice does no harm", async () => {
    expect(await outcome([broken()], { ...paid, idempotent: true })).toMatchObject({ code: "network" });
  });

  test("that was answered, and whose answer broke off, says so", async () => {
    const facts = { ...paid, status: () => 200, inspect: () => Promise.reject(broken()) };
    const error = await outcome(["ok"], facts);
    expect(error).toMatchObject({ progress: "answering", copies: 1 });
    expect(error.attempts).toMatchObject([{ status: 200, kind: "network", phase: "unanswered" }]);
    expect(error.message).toMatch(/^POST https:\/\/api.test\/jobs was sent and its answer broke off: /);
  });

  test("as JSON holds what is safe to show", async () => {
    const json = JSON.parse(JSON.stringify(await outcome([broken()], keyed))) as object;
    expect(json).toMatchObject({
      code: "ambiguous_outcome",
      call: "POST https://api.test/jobs",
      idempotencyKey: "k1",
      copies: 3,
      progress: "sent",
      causes: [
        { name: "FailwellError", code: "network" },
        { name: "Error", code: null },
      ],
    });
  });

  test("is not sent again by a loop around it, which knows nothing of the request", async () => {
    const { clock, plan } = testPlan();
    const inner = scripted(clock, [broken()], paid);
    const outer = scripted(clock, ["ok"], { call: (guard) => execute(inner, plan, guard.signal) });
    expect(await failure(clock.run(execute(outer, plan, null)))).toMatchObject({ code: "ambiguous_outcome" });
    expect(inner.calls).toHaveLength(1);
  });
});

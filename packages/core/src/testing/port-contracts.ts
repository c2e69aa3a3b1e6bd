import type { Admission, Breaker, BreakerOptions, BreakerOutcome, Permit } from "../state/breaker.ts";
import type { Budget } from "../state/budget.ts";
import type { Cooldown } from "../state/cooldown.ts";
import { between, equal } from "./checks.ts";

/** One rule that every implementation of a port keeps. */
export interface ContractCase {
  /** The rule, as a sentence. */
  readonly name: string;
  /** Rejects when the rule is broken. */
  readonly run: () => Promise<void>;
}

/** A port with nothing in it yet, and its time. */
export interface Stage<Port> {
  readonly port: Port;
  /** Lets `ms` pass for the port: turns a clock on, or really waits. */
  readonly advance: (ms: number) => void | PromiseLike<void>;
}

type Made<T> = T | PromiseLike<T>;

/** The rules of a cool-down. `make` gives a new one for each case. */
export function cooldownContract(make: () => Made<Stage<Cooldown>>): ContractCase[] {
  const rule = ruleFor(make);
  return [
    rule("a key that nobody holds may go now", async ({ port }) => {
      equal(await port.remaining("a"), 0, "remaining");
    }),
    rule("a key is held for the time that was asked, and then no more", async ({ port, advance }) => {
      await port.hold("a", 1000);
      between(await port.remaining("a"), 800, 1000, "remaining after the hold");
      await advance(600);
      between(await port.remaining("a"), 1, 400, "remaining after 600 ms");
      await advance(400);
      equal(await port.remaining("a"), 0, "remaining after 1000 ms");
    }),
    rule("a shorter hold never shortens a longer one", async ({ port }) => {
      await port.hold("a", 1000);
      await port.hold("a", 100);
      between(await port.remaining("a"), 800, 1000, "remaining");
    }),
    rule("a longer hold lengthens a shorter one", async ({ port }) => {
      await port.hold("a", 100);
      await port.hold("a", 1000);
      between(await port.remaining("a"), 800, 1000, "remaining");
    }),
    rule("a hold of one key leaves other keys alone", async ({ port }) => {
      await port.hold("a", 1000);
      equal(await port.remaining("b"), 0, "remaining of another key");
    }),
    rule("a port that says it is idle holds nothing", async ({ port }) => {
      await port.hold("a", 1000);
      equal(port.idle ?? false, false, "idle while a key is held");
    }),
  ];
}

/** The rules of a budget. `make` gives a new one of capacity 100 for each case. */
export function budgetContract(make: () => Made<Budget>): ContractCase[] {
  const rule = ruleFor(make);
  return [
    rule("a new bucket is full, and pays for no more than it holds", async (budget) => {
      equal(await paid(budget, "a", 12), 10, "retries of cost 10 paid for");
    }),
    rule("what is refused costs nothing", async (budget) => {
      await budget.withdraw("a", 95);
      equal(await budget.withdraw("a", 10), false, "a retry of cost 10 with 5 left");
      equal(await budget.withdraw("a", 5), true, "a retry of cost 5 with 5 left");
    }),
    rule("ten successes pay for one retry", async (budget) => {
      await paid(budget, "a", 10);
      for (let success = 1; success <= 9; success++) await budget.deposit("a", 1);
      equal(await budget.withdraw("a", 10), false, "a retry after 9 successes");
      await budget.deposit("a", 1);
      equal(await budget.withdraw("a", 10), true, "a retry after 10 successes");
    }),
    rule("a bucket is never more than full", async (budget) => {
      await budget.withdraw("a", 10);
      await budget.deposit("a", 1000);
      equal(await paid(budget, "a", 12), 10, "retries of cost 10 paid for");
    }),
    rule("one key's retries are not paid from another's bucket", async (budget) => {
      await paid(budget, "a", 10);
      equal(await budget.withdraw("b", 10), true, "a retry of another key");
    }),
    rule("200 withdrawals at once are counted exactly", async (budget) => {
      const answers = await Promise.all(Array.from({ length: 200 }, async () => budget.withdraw("a", 1)));
      equal(answers.filter(Boolean).length, 100, "retries of cost 1 paid for");
    }),
  ];
}

/** The options of the breakers that {@link breakerContract} asks for. */
export const breakerContractOptions: BreakerOptions = {
  consecutive: 3,
  minCalls: Infinity,
  openMs: 1000,
  maxOpenMs: 8000,
  probes: 1,
  probeLeaseMs: 1000,
  ramp: 1,
};

/** The rules of a breaker. `make` gives a new one with {@link breakerContractOptions} for each case. */
export function breakerContract(make: () => Made<Stage<Breaker>>): ContractCase[] {
  const rule = ruleFor(make);
  return [
    rule("a breaker admits until the failures in a row are too many", async ({ port }) => {
      await settleAll(port, ["failure", "failure"]);
      await admitted(port, "the call after 2 failures");
      await settleAll(port, ["failure"]);
      const { retryAfterMs, state } = await refused(port, "the call after 3 failures");
      equal(state, "open", "state");
      between(retryAfterMs, 300, 1000, "retryAfterMs");
    }),
    rule("a success in between starts the count again", async ({ port }) => {
      await settleAll(port, ["failure", "failure", "success", "failure", "failure"]);
      await admitted(port, "the call after 2 failures");
    }),
    rule("an outcome that is ignored changes nothing", async ({ port }) => {
      await settleAll(port, ["failure", "ignored", "failure", "ignored", "failure"]);
      await refused(port, "the call after 3 failures");
    }),
    rule("failures of one key leave other keys alone", async ({ port }) => {
      await settleAll(port, ["failure", "failure", "failure"]);
      equal((await port.admit("b")).admitted, true, "admitted: another key");
    }),
    rule("an opening lasts as long as the server asks", async ({ port, advance }) => {
      await settleAll(port, ["failure", "failure"]);
      await port.settle(await admitted(port, "the third call"), "failure", 5000);
      await advance(4000);
      await refused(port, "a call 1000 ms too early");
    }),
    rule("after its time one probe is admitted, and no other call", async (stage) => {
      await halfOpen(stage);
      await admitted(stage.port, "the probe");
      const { retryAfterMs, state } = await refused(stage.port, "a second call");
      equal(state, "halfOpen", "state");
      between(retryAfterMs, 1, 1000, "retryAfterMs");
    }),
    rule("of 1000 calls at once one is the probe", async (stage) => {
      await halfOpen(stage);
      const answers = await Promise.all(Array.from({ length: 1000 }, async () => stage.port.admit("a")));
      equal(answers.filter((answer) => answer.admitted).length, 1, "admitted calls");
    }),
    rule("a probe that succeeds closes the breaker", async (stage) => {
      await halfOpen(stage);
      await settleAll(stage.port, ["success"]);
      await admitted(stage.port, "the first call after the probe");
      await admitted(stage.port, "the second call after the probe");
    }),
    rule("a probe that fails opens it for longer", async (stage) => {
      await halfOpen(stage);
      await settleAll(stage.port, ["failure"]);
      between((await refused(stage.port, "the call after the probe")).retryAfterMs, 800, 2000, "retryAfterMs");
    }),
    rule("a probe that is ignored makes room for another", async (stage) => {
      await halfOpen(stage);
      await settleAll(stage.port, ["ignored"]);
      await admitted(stage.port, "the next probe");
      await refused(stage.port, "a call beside it");
    }),
    rule("a lost probe makes room for another when its lease ends", async (stage) => {
      await halfOpen(stage);
      await admitted(stage.port, "the probe that is lost");
      await stage.advance(1000);
      await admitted(stage.port, "the next probe");
    }),
    rule("a call admitted before the opening closes nothing when it succeeds late", async ({ port, advance }) => {
      const late = await admitted(port, "the late call");
      await halfOpen({ port, advance });
      await admitted(port, "the probe");
      await port.settle(late, "success");
      await refused(port, "a call beside the probe");
    }),
    rule("calls admitted before the opening open nothing when they fail late", async ({ port, advance }) => {
      const late = await Promise.all([1, 2, 3].map((number) => admitted(port, `late call ${number}`)));
      await halfOpen({ port, advance });
      await settleAll(port, ["success"]);
      for (const permit of late) await port.settle(permit, "failure");
      await admitted(port, "the call after the late failures");
    }),
    rule("settling twice counts once", async ({ port }) => {
      const permit = await admitted(port, "the first call");
      for (let time = 1; time <= 3; time++) await port.settle(permit, "failure");
      await admitted(port, "the call after 1 failure");
    }),
  ];
}

function ruleFor<T>(make: () => Made<T>): (name: string, check: (made: T) => Promise<void>) => ContractCase {
  return (name, check) => ({ name, run: async () => check(await make()) });
}

async function paid(budget: Budget, key: string, retries: number): Promise<number> {
  let count = 0;
  for (let retry = 1; retry <= retries; retry++) count += Number(await budget.withdraw(key, 10));
  return count;
}

async function settleAll(breaker: Breaker, outcomes: readonly BreakerOutcome[]): Promise<void> {
  for (const outcome of outcomes) await breaker.settle(await admitted(breaker, `the call of the ${outcome}`), outcome);
}

async function halfOpen({ port, advance }: Stage<Breaker>): Promise<void> {
  await settleAll(port, ["failure", "failure", "failure"]);
  await advance(1000);
}

async function admitted(breaker: Breaker, what: string): Promise<Permit> {
  const answer = await breaker.admit("a");
  if (answer.admitted) return answer.permit;
  throw new Error(`${what}: must be admitted, was refused for ${answer.retryAfterMs} ms (${answer.state})`);
}

async function refused(breaker: Breaker, what: string): Promise<Admission & { readonly admitted: false }> {
  const answer = await breaker.admit("a");
  if (!answer.admitted) return answer;
  throw new Error(`${what}: must be refused, was admitted`);
}

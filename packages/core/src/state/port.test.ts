import { describe, expect, test } from "vitest";

import type { Clock } from "../retry/clock.ts";
import { ask, tell, within } from "./port.ts";
import { jumpingClock } from "../testing/jumping-clock.ts";

/** A clock that no one may set. */
const noTimers: Clock = {
  now: () => 0,
  set: () => {
    throw new Error("a timer was set");
  },
  clear: () => {},
};

function raise(error: unknown): never {
  throw error;
}

function faults(): { readonly seen: unknown[]; readonly onFault: (fault: unknown) => void } {
  const seen: unknown[] = [];
  return { seen, onFault: (fault) => void seen.push(fault) };
}

/** Counts what becomes an unhandled rejection while `work` runs. */
async function unhandled(work: () => Promise<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const listener = (reason: unknown): void => void seen.push(reason);
  process.on("unhandledRejection", listener);
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 0));
    return seen;
  } finally {
    process.off("unhandledRejection", listener);
  }
}

describe("a synchronous port", () => {
  test("answers at once, without promise or timer", () => {
    expect(ask(() => 7, 0, { clock: noTimers })).toBe(7);
    expect(ask<null>(() => null, null, { clock: noTimers })).toBeNull();
  });

  test("may answer with an object that has a then which is no function", () => {
    // oxlint-disable-next-line unicorn/no-thenable
    const answer = { then: "later" };
    expect(ask(() => answer, answer, { clock: noTimers })).toBe(answer);
  });

  test("that throws is told, and the fallback answers at once", () => {
    const { seen, onFault } = faults();
    const fault = new Error("no store");
    expect(ask(() => raise(fault), 5, { clock: noTimers, onFault })).toBe(5);
    expect(seen).toEqual([fault]);
  });

  test("never computes the fallback while the port answers", () => {
    expect(
      ask(
        () => 1,
        () => raise(new Error("computed")),
        { clock: noTimers },
      ),
    ).toBe(1);
  });

  test("whose answer has a getter then that throws is a fault", () => {
    const { seen, onFault } = faults();
    const fault = new Error("hostile");
    const answer: PromiseLike<number> = {
      // oxlint-disable-next-line unicorn/no-thenable
      get then() {
        return raise(fault);
      },
    };
    expect(ask<number>(() => answer, 5, { clock: noTimers, onFault })).toBe(5);
    expect(seen).toEqual([fault]);
  });
});

describe("a port that answers later", () => {
  test("answers with its own value, and leaves no timer", async () => {
    const clock = jumpingClock();
    const { seen, onFault } = faults();
    const answer = ask(async () => 7, 0, { clock, onFault });
    expect(clock.pending).toBe(1);
    expect(await answer).toBe(7);
    expect(clock.pending).toBe(0);
    expect(seen).toEqual([]);
  });

  test("that rejects is told, the fallback answers, and no timer is left", async () => {
    const clock = jumpingClock();
    const { seen, onFault } = faults();
    const fault = new Error("connection lost");
    expect(
      await ask(
        () => Promise.reject<number>(fault),
        () => 5,
        { clock, onFault },
      ),
    ).toBe(5);
    expect(seen).toEqual([fault]);
    expect(clock.pending).toBe(0);
  });

  test("that hangs costs 25 ms, not more", async () => {
    const clock = jumpingClock();
    const { seen, onFault } = faults();
    expect(await clock.run(Promise.resolve(ask(() => new Promise<number>(() => {}), 5, { clock, onFault })))).toBe(5);
    expect(clock.now()).toBe(25);
    expect(seen).toEqual([new Error("no answer from the store within 25 ms")]);
    expect(clock.pending).toBe(0);
  });

  test("has the time that it is given", async () => {
    const clock = jumpingClock();
    await clock.run(Promise.resolve(ask(() => new Promise<number>(() => {}), 5, { clock, budgetMs: 100 })));
    expect(clock.now()).toBe(100);
  });

  test("is not cut short by a budget that is longer than timers can be", async () => {
    let set: number | undefined;
    const clock: Clock = { ...jumpingClock(), set: (_wake, ms) => void (set = ms) };
    await ask(async () => 7, 0, { clock, budgetMs: Infinity });
    expect(set).toBe(2_147_483_647);
  });

  test("is ignored when it answers too late", async () => {
    const clock = jumpingClock();
    const { seen, onFault } = faults();
    let resolve: ((value: number) => void) | undefined;
    const answer = ask(() => new Promise<number>((later) => (resolve = later)), 5, { clock, onFault });
    await clock.advance(25);
    resolve?.(7);
    expect(await answer).toBe(5);
    expect(seen).toHaveLength(1);
  });

  test("makes no unhandled rejection when it rejects too late", async () => {
    const clock = jumpingClock();
    const { seen, onFault } = faults();
    let reject: ((fault: unknown) => void) | undefined;
    const loose = await unhandled(async () => {
      const answer = ask(() => new Promise<number>((_, later) => (reject = later)), 5, { clock, onFault });
      await clock.advance(25);
      reject?.(new Error("late"));
      expect(await answer).toBe(5);
    });
    expect(loose).toEqual([]);
    expect(seen).toHaveLength(1);
  });

  test("gives one answer, however often its thenable calls back", async () => {
    const clock = jumpingClock();
    const { seen, onFault } = faults();
    const twice: PromiseLike<number> = {
      // oxlint-disable-next-line unicorn/no-thenable
      then(resolve, reject) {
        void resolve?.(1);
        void resolve?.(2);
        void reject?.(new Error("changed its mind"));
        return raise(new Error("and threw"));
      },
    };
    expect(await ask<number>(() => twice, 5, { clock, onFault })).toBe(1);
    expect(seen).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test("that answers with a promise that hangs costs 25 ms too", async () => {
    const clock = jumpingClock();
    const silent = new Promise<number>(() => {});
    const hung: PromiseLike<number> = {
      // oxlint-disable-next-line unicorn/no-thenable
      then(resolve) {
        if (resolve) Reflect.apply(resolve, undefined, [silent]);
        return new Promise<never>(() => {});
      },
    };
    expect(await clock.run(Promise.resolve(ask<number>(() => hung, 5, { clock })))).toBe(5);
    expect(clock.now()).toBe(25);
  });

  test("rejects when its fallback fails too, and does not hang", async () => {
    const clock = jumpingClock();
    const fault = new Error("the fallback failed");
    const answer = ask(
      () => Promise.reject<number>(new Error("the store failed")),
      () => raise(fault),
      { clock },
    );
    await expect(answer).rejects.toBe(fault);
  });
});

describe("a listener", () => {
  test("hears the news", () => {
    const { seen, onFault } = faults();
    tell(onFault, "news");
    expect(seen).toEqual(["news"]);
  });

  test("that is absent, throws or rejects fails no call", async () => {
    const loose = await unhandled(async () => {
      tell(undefined, 1);
      tell(() => raise(new Error("thrown")), 1);
      tell(async () => raise(new Error("rejected")), 1);
    });
    expect(loose).toEqual([]);
  });

  test("of a fault may throw, and the fallback still answers", async () => {
    const options = { clock: jumpingClock(), onFault: () => raise(new Error("thrown")) };
    expect(ask(() => raise(new Error("no store")), 5, options)).toBe(5);
    expect(await ask(() => Promise.reject<number>(new Error("no store")), 5, options)).toBe(5);
  });
});

describe("a number", () => {
  test("in its range is accepted, the bounds included", () => {
    expect(() => within("share", 0, 0, 1)).not.toThrow();
    expect(() => within("share", 1, 0, 1)).not.toThrow();
    expect(() => within("limit", Infinity, 1)).not.toThrow();
  });

  test("out of its range is refused by name, with the range and the number", () => {
    expect(() => within("capacity", 0, 1)).toThrow(new RangeError("capacity must be at least 1, got 0"));
    expect(() => within("rate", 2, 0.01, 1)).toThrow(new RangeError("rate must be from 0.01 to 1, got 2"));
    expect(() => within("rate", NaN, 0.01, 1)).toThrow(new RangeError("rate must be from 0.01 to 1, got NaN"));
  });
});

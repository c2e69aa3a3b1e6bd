import { describe, expect, test } from "vitest";

import {
  type Admission,
  type Breaker,
  type BreakerChange,
  type BreakerOptions,
  createBreaker,
  type MemoryBreaker,
  type Permit,
} from "./breaker.ts";
import type { Clock } from "../retry/clock.ts";
import { jumpingClock } from "../testing/jumping-clock.ts";
import { breakerContract, breakerContractOptions } from "../testing/port-contracts.ts";
import { seededRandom } from "../testing/seeded-random.ts";

interface Bench {
  readonly breaker: MemoryBreaker;
  readonly changes: BreakerChange[];
  /** Sets the clock. */
  readonly at: (ms: number) => void;
  /** Admits and settles a call for each letter: `.` success, `x` failure, anything else ignored. */
  readonly calls: (outcomes: string, key?: string) => void;
}

/** A breaker at time 0; without jitter each opening is half its length. */
function bench(options: BreakerOptions = {}): Bench {
  let now = 0;
  const changes: BreakerChange[] = [];
  const clock: Clock = { ...jumpingClock(), now: () => now };
  const breaker = createBreaker({
    random: () => 0,
    onChange: (change) => void changes.push(change),
    ...options,
    clock,
  });
  return {
    breaker,
    changes,
    at: (ms) => void (now = ms),
    calls(outcomes, key = "a") {
      for (const letter of outcomes) {
        const outcome = letter === "." ? "success" : letter === "x" ? "failure" : "ignored";
        breaker.settle(permitOf(breaker.admit(key)), outcome);
      }
    },
  };
}

function permitOf(admission: Admission): Permit {
  if (!admission.admitted) throw new Error(`refused for ${admission.retryAfterMs} ms (${admission.state})`);
  return admission.permit;
}

/** Open at 0 by 5 failures, half-open from 2500 ms on. */
function halfOpen(options: BreakerOptions = {}): Bench {
  const open = bench(options);
  open.calls("xxxxx");
  open.at(2500);
  return open;
}

describe("a breaker in memory keeps the contract", () => {
  const cases = breakerContract(() => {
    const clock = jumpingClock();
    return { port: createBreaker({ ...breakerContractOptions, clock }), advance: (ms) => clock.advance(ms) };
  });
  test.each(cases)("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe("what opens a breaker", () => {
  test("one failure on a cold key leaves it closed", () => {
    const { breaker, calls } = bench();
    calls("x");
    expect(breaker.state("a")).toBe("closed");
  });

  test("five failures in a row do", () => {
    const { breaker, calls } = bench();
    calls("xxxx");
    expect(breaker.state("a")).toBe("closed");
    calls("x");
    expect(breaker.state("a")).toBe("open");
  });

  test("no failure rate does below minCalls", () => {
    const { breaker, calls } = bench({ consecutive: Infinity });
    calls("x".repeat(19));
    expect(breaker.state("a")).toBe("closed");
    calls("x");
    expect(breaker.state("a")).toBe("open");
  });

  test("a failure rate of a half does, and less does not", () => {
    const { breaker, calls } = bench();
    calls(".x".repeat(9) + "..");
    calls(".x");
    expect(breaker.state("a")).toBe("closed");
    calls("xx");
    expect(breaker.state("a")).toBe("open");
  });

  test("the rate is failures / (successes + failures): what is ignored is not in it", () => {
    const { breaker, calls } = bench();
    calls(".x".repeat(9) + ".");
    calls("-".repeat(100));
    calls("x");
    expect(breaker.state("a")).toBe("open");
  });

  test("after a silence as long as the window all counts are 0", () => {
    const { breaker, calls, at } = bench();
    calls(".x".repeat(9));
    at(10_000);
    calls("xxxx");
    expect(breaker.state("a")).toBe("closed");
    at(3_600_000);
    calls("xxxx");
    expect(breaker.state("a")).toBe("closed");
  });

  test("a success may not open it, though the rate is high", () => {
    const { breaker, calls } = bench({ consecutive: Infinity, minCalls: 4 });
    calls("xxx.");
    expect(breaker.state("a")).toBe("closed");
  });

  test("refused calls never do: they have no permit, and change nothing", () => {
    const { breaker, calls, at, changes } = bench();
    calls("xxxxx");
    for (let call = 0; call < 1000; call++) expect(breaker.admit("a").admitted).toBe(false);
    at(2500);
    calls(".");
    expect(changes.map(({ to }) => to)).toEqual(["open", "halfOpen"]);
  });

  test("the caller's own aborts never do", () => {
    const { breaker, calls } = bench();
    calls("-".repeat(1000));
    expect(breaker.state("a")).toBe("closed");
  });
});

describe("an open breaker", () => {
  test("says when to ask again", () => {
    const { breaker, calls, at } = bench();
    calls("xxxxx");
    at(1000);
    expect(breaker.admit("a")).toEqual({ admitted: false, retryAfterMs: 1500, state: "open" });
    expect(breaker.remaining("a")).toBe(1500);
  });

  test("opens for half its time and a random part of the other half", () => {
    const times = [0, 0.5, 0.999].map((random) => {
      const { breaker, calls } = bench({ random: () => random });
      calls("xxxxx");
      return breaker.remaining("a");
    });
    expect(times).toEqual([2500, 3750, 4997.5]);
  });

  test("opens for different times in 100 instances", () => {
    const random = seededRandom(1);
    const times = Array.from({ length: 100 }, () => {
      const { breaker, calls } = bench({ random });
      calls("xxxxx");
      return breaker.remaining("a");
    });
    expect(new Set(times).size).toBe(100);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2500);
    expect(Math.max(...times)).toBeLessThan(5000);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(2000);
  });

  test("opens twice as long each time a probe fails, up to maxOpenMs", () => {
    const { calls, at, changes } = bench({ maxOpenMs: 30_000 });
    calls("xxxxx");
    let now = 0;
    for (let probe = 1; probe <= 4; probe++) {
      at((now += 15_000));
      calls("x");
    }
    expect(changes.filter(({ to }) => to === "open").map(({ retryAfterMs }) => retryAfterMs)).toEqual([
      2500, 5000, 10_000, 15_000, 15_000,
    ]);
  });

  test("opens twice as long when it was closed for less than it was open", () => {
    const { breaker, calls, at } = bench({ ramp: 1 });
    calls("xxxxx");
    at(2500);
    calls(".");
    at(7499);
    calls("xxxxx");
    expect(breaker.remaining("a")).toBe(5000);
  });

  test("begins anew when it was closed for at least as long as it was open", () => {
    const { breaker, calls, at } = bench({ ramp: 1 });
    calls("xxxxx");
    at(2500);
    calls(".");
    at(7500);
    calls("xxxxx");
    expect(breaker.remaining("a")).toBe(2500);
  });

  test.each([
    [60_000, 60_000],
    [2000, 2500],
    [30 * 24 * 3_600_000, 3_600_000],
    [0, 2500],
    [-5, 2500],
    [NaN, 2500],
    [null, 2500],
    [undefined, 2500],
  ])("with a hint of %s ms opens for %i ms", (hint, expected) => {
    const { breaker, calls } = bench();
    calls("xxxx");
    breaker.settle(permitOf(breaker.admit("a")), "failure", hint);
    expect(breaker.remaining("a")).toBe(expected);
  });

  test("adds its jitter to a hint: never earlier than the server asked, and not all at once", () => {
    const { breaker, calls } = bench({ random: () => 0.5 });
    calls("xxxx");
    breaker.settle(permitOf(breaker.admit("a")), "failure", 60_000);
    expect(breaker.remaining("a")).toBe(61_250);
  });
});

describe("a half-open breaker", () => {
  test("takes no permit when it is only looked at", () => {
    const { breaker } = halfOpen();
    expect(breaker.state("a")).toBe("halfOpen");
    expect(breaker.remaining("a")).toBe(0);
    expect(breaker.admit("a").admitted).toBe(true);
  });

  test("has at most as many probes in flight as permitted, under 1000 calls", () => {
    const { breaker } = halfOpen({ probes: 3 });
    const answers = Array.from({ length: 1000 }, () => breaker.admit("a"));
    expect(answers.filter(({ admitted }) => admitted)).toHaveLength(3);
    expect(answers.at(-1)).toEqual({ admitted: false, retryAfterMs: 5000, state: "halfOpen" });
  });

  test("tells the others to ask again when the first lease ends, if that is soon", () => {
    const { breaker, at } = halfOpen({ probes: 2 });
    breaker.admit("a");
    at(4000);
    breaker.admit("a");
    at(32_000);
    expect(breaker.admit("a")).toEqual({ admitted: false, retryAfterMs: 500, state: "halfOpen" });
  });

  test("is not held by a lost probe: its lease ends", () => {
    const { breaker, at } = halfOpen();
    for (let lost = 0; lost < 5; lost++) {
      at(2500 + lost * 30_000);
      expect(breaker.admit("a").admitted).toBe(true);
      at(2500 + lost * 30_000 + 29_999);
      expect(breaker.admit("a").admitted).toBe(false);
    }
  });

  test("believes a probe that was slower than its lease", () => {
    const { breaker, at, calls } = halfOpen({ ramp: 1 });
    const slow = permitOf(breaker.admit("a"));
    at(60_000);
    breaker.settle(slow, "success");
    expect(breaker.state("a")).toBe("closed");
    calls("..");
  });

  test("is opened again by a failed probe though another is in flight, whose success then comes too late", () => {
    const { breaker } = halfOpen({ probes: 2 });
    const [first, second] = [permitOf(breaker.admit("a")), permitOf(breaker.admit("a"))];
    breaker.settle(first, "failure");
    breaker.settle(second, "success");
    expect(breaker.state("a")).toBe("open");
  });

  test("has all its probes again after the next opening, though one of the last is still in flight", () => {
    const { breaker, at } = halfOpen({ probes: 2 });
    breaker.admit("a");
    breaker.settle(permitOf(breaker.admit("a")), "failure");
    at(7500);
    expect([1, 2, 3].map(() => breaker.admit("a").admitted)).toEqual([true, true, false]);
  });

  test("is not closed by a call that was admitted before it opened", () => {
    const { breaker, calls, at } = bench();
    const late = permitOf(breaker.admit("a"));
    calls("xxxxx");
    at(2500);
    const probe = permitOf(breaker.admit("a"));
    breaker.settle(late, "success");
    expect(breaker.state("a")).toBe("halfOpen");
    expect(breaker.admit("a").admitted).toBe(false);
    breaker.settle(probe, "failure");
    expect(breaker.state("a")).toBe("open");
  });
});

describe("after a probe succeeded", () => {
  test("a growing share of the calls is admitted, and the others are told to ask in a second", () => {
    const { breaker, calls, at } = halfOpen();
    calls(".");
    const refusals = new Set<string>();
    const shares = Array.from({ length: 14 }, (_, second) => {
      at(2500 + second * 1000);
      let admitted = 0;
      for (let call = 0; call < 100; call++) {
        const admission = breaker.admit("a");
        if (admission.admitted) breaker.settle(admission.permit, "success");
        else refusals.add(`${admission.state} ${admission.retryAfterMs}`);
        admitted += Number(admission.admitted);
      }
      return admitted;
    });
    expect([...refusals]).toEqual(["halfOpen 1000"]);
    expect(shares).toEqual([5, 6, 8, 11, 15, 18, 24, 32, 41, 53, 69, 89, 100, 100]);
    expect(breaker.state("a")).toBe("closed");
  });

  test("failures halve the share and do not open it again", () => {
    const { breaker, calls, at, changes } = halfOpen();
    calls(".");
    let admissions = 0;
    for (let second = 0; second < 60; second++) {
      at(2500 + second * 1000);
      for (let call = 0; call < 100; call++) {
        const admission = breaker.admit("a");
        if (admission.admitted) breaker.settle(admission.permit, admissions++ % 2 === 0 ? "failure" : "success");
      }
    }
    expect(breaker.state("a")).toBe("halfOpen");
    expect(changes.filter(({ to }) => to === "open")).toHaveLength(1);
    at(62_500);
    const admitted = Array.from({ length: 100 }, () => breaker.admit("a")).filter((answer) => answer.admitted);
    expect(admitted).toHaveLength(2);
  });

  test("failures in a row open it again, for twice as long", () => {
    const { breaker, calls, at } = halfOpen();
    calls(".");
    at(2500 + 11_999);
    const permits: Permit[] = [];
    while (permits.length < 5) {
      const admission = breaker.admit("a");
      if (admission.admitted) permits.push(admission.permit);
    }
    for (const permit of permits) breaker.settle(permit, "failure");
    expect(breaker.state("a")).toBe("open");
    expect(breaker.remaining("a")).toBe(5000);
    at(120_000);
    expect([1, 2].map(() => breaker.admit("a").admitted)).toEqual([true, false]);
  });

  test("failures from before the opening no longer count", () => {
    const { breaker, calls, at } = bench({ consecutive: Infinity, ramp: 1 });
    calls("x".repeat(20));
    at(2500);
    calls(".x");
    expect(breaker.state("a")).toBe("closed");
  });

  test("late failures of calls from before the opening do not open it again", () => {
    const { breaker, calls, at } = bench({ ramp: 1 });
    const late = Array.from({ length: 30 }, () => permitOf(breaker.admit("a")));
    calls("xxxxx");
    at(2500);
    calls(".");
    for (const permit of late) breaker.settle(permit, "failure");
    expect(breaker.state("a")).toBe("closed");
  });

  test("calls that were admitted on the way still count when it is closed", () => {
    const { breaker, calls, at } = halfOpen();
    calls(".");
    at(2500 + 11_000);
    const permits: Permit[] = [];
    for (let call = 0; call < 10; call++) {
      const admission = breaker.admit("a");
      if (admission.admitted) permits.push(admission.permit);
    }
    at(2500 + 40_000);
    expect(breaker.state("a")).toBe("closed");
    for (const permit of permits) breaker.settle(permit, "failure");
    expect(breaker.state("a")).toBe("open");
  });

  test("all calls are admitted at once where the options say so", () => {
    const { calls, changes } = halfOpen({ ramp: 1 });
    calls("." + ".".repeat(100));
    expect(changes.map(({ to }) => to)).toEqual(["open", "halfOpen", "closed"]);
  });
});

describe("an isolated breaker", () => {
  test("refuses until the last who isolated it lets go, each once", () => {
    const { breaker } = bench();
    const [first, second] = [breaker.isolate("a"), breaker.isolate("a")];
    expect(breaker.admit("a")).toEqual({ admitted: false, retryAfterMs: Infinity, state: "isolated" });
    expect(breaker.remaining("a")).toBe(Infinity);
    first();
    first();
    expect(breaker.state("a")).toBe("isolated");
    second();
    expect(breaker.state("a")).toBe("closed");
  });

  test("is not changed by calls that were in flight, nor afterwards", () => {
    const { breaker } = bench();
    const late = Array.from({ length: 10 }, () => permitOf(breaker.admit("a")));
    const release = breaker.isolate("a");
    for (const permit of late.slice(5)) breaker.settle(permit, "failure");
    expect(breaker.state("a")).toBe("isolated");
    release();
    for (const permit of late.slice(0, 5)) breaker.settle(permit, "failure");
    expect(breaker.state("a")).toBe("closed");
  });

  test("is open again afterwards for what was left of its opening", () => {
    const { breaker, calls, at, changes } = bench();
    calls("xxxxx");
    const release = breaker.isolate("a");
    at(1000);
    release();
    expect(breaker.remaining("a")).toBe(1500);
    expect(changes.at(-1)).toEqual({ key: "a", from: "isolated", to: "open", retryAfterMs: 1500 });
  });

  test("has to prove itself by a probe again when it was half-open, however far it was", () => {
    const { breaker, calls } = halfOpen();
    calls(".");
    breaker.isolate("a")();
    expect(breaker.state("a")).toBe("halfOpen");
    expect([breaker.admit("a"), breaker.admit("a")].map(({ admitted }) => admitted)).toEqual([true, false]);
  });
});

describe("changes", () => {
  test("are told with their key, states and time", () => {
    const { calls, at, changes } = halfOpen();
    calls(".");
    at(60_000);
    calls(".");
    expect(changes).toEqual([
      { key: "a", from: "closed", to: "open", retryAfterMs: 2500 },
      { key: "a", from: "open", to: "halfOpen", retryAfterMs: null },
      { key: "a", from: "halfOpen", to: "closed", retryAfterMs: null },
    ]);
  });

  test("told to a listener that throws break no call", () => {
    const { breaker, calls } = bench({
      onChange: () => {
        throw new Error("the listener failed");
      },
    });
    calls("xxxxx");
    expect(breaker.admit("a").admitted).toBe(false);
  });

  test("may be answered by using the breaker", () => {
    const reentrant: Bench = bench({
      onChange: ({ to }) => void (to === "halfOpen" && reentrant.breaker.isolate("a")),
    });
    reentrant.calls("xxxxx");
    reentrant.at(2500);
    expect(reentrant.breaker.admit("a")).toEqual({ admitted: false, retryAfterMs: Infinity, state: "isolated" });
  });
});

describe("keys", () => {
  test("are bounded: the closed one not used for longest is forgotten", () => {
    const { breaker, calls } = bench({ maxKeys: 2 });
    calls("xxxx", "a");
    calls("xxxx", "b");
    calls("-", "a");
    calls(".", "c");
    calls("x", "b");
    expect(breaker.state("b")).toBe("closed");
    calls("xxxx", "b");
    expect(breaker.state("b")).toBe("open");
  });

  test("that are open are never forgotten for one that is closed", () => {
    const { breaker, calls } = bench({ maxKeys: 3 });
    calls("xxxxx", "open");
    breaker.isolate("isolated");
    for (let key = 0; key < 10_000; key++) calls(".", `${key}`);
    expect(["open", "isolated"].map((key) => breaker.state(key))).toEqual(["open", "isolated"]);
  });

  test("that are open make room when nothing else can, the one not used for longest first", () => {
    const { breaker, calls } = bench({ maxKeys: 2 });
    calls("xxxxx", "a");
    calls("xxxxx", "b");
    breaker.admit("a");
    calls(".", "c");
    expect(["a", "b"].map((key) => breaker.state(key))).toEqual(["open", "closed"]);
  });

  test("that a person isolated stay, whatever comes", () => {
    const { breaker, calls } = bench({ maxKeys: 1 });
    breaker.isolate("a");
    breaker.isolate("b");
    calls(".", "c");
    calls(".", "d");
    expect(["a", "b", "c"].map((key) => breaker.state(key))).toEqual(["isolated", "isolated", "closed"]);
  });

  test("that were forgotten are not changed by calls admitted before", () => {
    const { breaker, calls } = bench({ maxKeys: 1 });
    const late = Array.from({ length: 10 }, () => permitOf(breaker.admit("a")));
    calls(".", "b");
    for (const permit of late.splice(5)) breaker.settle(permit, "failure");
    calls(".", "a");
    for (const permit of late) breaker.settle(permit, "failure");
    expect(breaker.state("a")).toBe("closed");
  });

  test("that were only looked at are not remembered", () => {
    const { breaker, calls } = bench({ maxKeys: 1 });
    calls("xxxx", "a");
    for (const key of ["b", "c"]) expect([breaker.state(key), breaker.remaining(key)]).toEqual(["closed", 0]);
    calls("x", "a");
    expect(breaker.state("a")).toBe("open");
  });
});

test("a permit of another kind of breaker changes nothing", () => {
  const { breaker, calls } = bench();
  calls("xxxx");
  const { key, generation } = permitOf(breaker.admit("a"));
  breaker.settle({ key, generation }, "failure");
  expect(breaker.state("a")).toBe("closed");
});

test("making another breaker closes none", () => {
  const { breaker, calls } = bench();
  calls("xxxxx");
  bench().calls(".");
  expect(breaker.state("a")).toBe("open");
});

test("frozen options work, and stay as they are", () => {
  const options = Object.freeze({ consecutive: 1, clock: jumpingClock() });
  const breaker = createBreaker(options);
  breaker.settle(permitOf(breaker.admit("a")), "failure");
  expect(breaker.state("a")).toBe("open");
  expect(Object.keys(options)).toEqual(["consecutive", "clock"]);
});

test("without options it opens after 5 failures in a row, for 2.5 to 5 s", () => {
  const breaker = createBreaker();
  for (let call = 0; call < 5; call++) breaker.settle(permitOf(breaker.admit("a")), "failure");
  expect(breaker.remaining("a")).toBeGreaterThan(2000);
  expect(breaker.remaining("a")).toBeLessThan(5000);
});

test.each<[BreakerOptions, string]>([
  [{ consecutive: 0 }, "consecutive must be at least 1, got 0"],
  [{ rate: 0 }, "rate must be from 0.01 to 1, got 0"],
  [{ rate: 50 }, "rate must be from 0.01 to 1, got 50"],
  [{ minCalls: 0 }, "minCalls must be at least 1, got 0"],
  [{ windowMs: NaN }, "windowMs must be from 1 to 2147483647, got NaN"],
  [{ openMs: 0 }, "openMs must be from 1 to 300000, got 0"],
  [{ openMs: 10_000, maxOpenMs: 5000 }, "openMs must be from 1 to 5000, got 10000"],
  [{ maxOpenMs: Infinity }, "maxOpenMs must be from 1 to 2147483647, got Infinity"],
  [{ probes: 0 }, "probes must be at least 1, got 0"],
  [{ probeLeaseMs: 0 }, "probeLeaseMs must be at least 1, got 0"],
  [{ ramp: 0 }, "ramp must be from 0.02 to 1, got 0"],
  [{ maxKeys: 0 }, "maxKeys must be at least 1, got 0"],
])("the options %o are refused", (options, message) => {
  expect(() => createBreaker(options)).toThrow(new RangeError(message));
});

describe("a cold dependency, whose capacity grows with what it serves and collapses under more", () => {
  test("is in full service within 60 s, without a failed call, behind one breaker for the fleet", () => {
    for (const seed of [1, 2, 3]) {
      const { fullServiceS, failed } = coldStart({ breakers: 1, callsPerSecond: 1000, seed });
      expect(failed).toBe(0);
      expect(fullServiceS).toBeLessThanOrEqual(60);
    }
  });

  test("is in full service within 60 s behind 200 breakers of their own", () => {
    for (const seed of [1, 2, 3]) {
      const { fullServiceS } = coldStart({ breakers: 200, callsPerSecond: 5, seed });
      expect(fullServiceS).toBeLessThanOrEqual(60);
    }
  });

  test("never is behind one breaker that admits all calls at once", () => {
    expect(coldStart({ breakers: 1, callsPerSecond: 1000, seed: 1, ramp: 1 }).fullServiceS).toBe(Infinity);
  });
});

interface ColdStart {
  readonly breakers: number;
  readonly callsPerSecond: number;
  readonly seed: number;
  readonly ramp?: number;
}

/**
 * 1000 calls per second in steps of 1 s. A second with more than the capacity (at first 100) fails as a whole and halves
 * it; a healthy one adds half of what it served, up to 1200. All breakers opened at 0, for 20 to 40 s.
 */
function coldStart({ breakers, callsPerSecond, seed, ramp = 0.05 }: ColdStart): {
  readonly fullServiceS: number;
  readonly failed: number;
} {
  let now = 0;
  const random = seededRandom(seed);
  const clock: Clock = { ...jumpingClock(), now: () => now };
  const fleet = Array.from({ length: breakers }, () => createBreaker({ openMs: 40_000, ramp, clock, random }));
  for (const breaker of fleet) {
    for (let call = 0; call < 5; call++) breaker.settle(permitOf(breaker.admit("a")), "failure");
  }
  let capacity = 100;
  let failed = 0;
  for (let second = 1; second < 240; second++) {
    const permits: [Breaker, Permit][] = [];
    for (let call = 0; call < callsPerSecond; call++) {
      now = second * 1000 + (call * 1000) / callsPerSecond;
      for (const breaker of fleet) {
        const admission = breaker.admit("a");
        if (admission.admitted) permits.push([breaker, admission.permit]);
      }
    }
    const load = permits.length;
    const healthy = load <= capacity;
    for (const [breaker, permit] of permits) void breaker.settle(permit, healthy ? "success" : "failure");
    if (healthy && load >= 950) return { fullServiceS: second, failed };
    if (!healthy) failed += load;
    capacity = healthy ? Math.min(1200, capacity + load / 2) : Math.max(100, capacity / 2);
  }
  return { fullServiceS: Infinity, failed };
}

import { constant } from "@failwell/core";
import { failure, recovering, until } from "@failwell/lab";
import ky, { type HTTPError, type Options, TimeoutError } from "ky";
import { describe, expect, test } from "vitest";
import { attemptsOf, FailwellError, failureOf, type KyPolicy, resilient } from "./index.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { isKy2 } from "./testing/hooks.fixture.ts";

const { start } = useServers();

const fast: Options = { retry: { delay: () => 1 } };
const silent = (): ReturnType<typeof start> => start(() => {});
const down = (): ReturnType<typeof start> => start((_request, response) => response.writeHead(503).end());

describe("ky's own options are heard, wherever they are set", () => {
  test("on the instance, by extend, by create, and per call", async () => {
    const server = await down();
    const counts: number[] = [];
    const count = async (call: PromiseLike<unknown>): Promise<void> => {
      const before = server.seen.length;
      await failure(call);
      counts.push(server.seen.length - before);
    };
    const once = { retry: { ...(fast.retry as object), limit: 1 } };
    await count(resilient(ky.create(once))(server.url));
    await count(resilient(ky, quick).extend({ retry: 0 })(server.url));
    await count(resilient(ky.create({ retry: 0 })).create(once)(server.url));
    await count(resilient(ky, quick)(server.url, { retry: 3 }));
    await count(resilient(ky, quick).get(server.url, { retry: 0 }));
    await count(
      resilient(ky.create({ retry: 3 }))
        .extend(fast)
        .extend({ retry: { limit: 0 } })(server.url),
    );
    expect(counts).toEqual([2, 1, 2, 4, 1, 1]);
  });

  test("by an init hook, which has the last word; ky 1 has none", async () => {
    const server = await down();
    const init = [(options: Options) => void (options.retry = 0)];
    await failure(resilient(ky, quick)(server.url, { retry: 5, hooks: { init } }));
    expect(server.seen).toHaveLength(isKy2 ? 1 : 6);
  });

  test("retry: 0 makes one attempt, and says so", async () => {
    const error = await failure(resilient(ky)((await down()).url, { retry: 0 }));
    expect(failureOf(error)).toMatchObject({ stopReason: "attempts", attempts: [{ stop: "attempts" }] });
  });

  test("with the profile none, a retry that is asked for is made", async () => {
    const server = await start(recovering(3));
    const api = resilient(ky.create({ retry: { limit: 2, delay: () => 1 } }), { profile: "none", onWarning: () => {} });
    expect(await api(server.url).text()).toBe("3");
  });

  test("retry.delay waits, and is asked once per retry", async () => {
    const server = await start(recovering(3));
    const response = await resilient(ky)(server.url, { retry: { delay: (count) => count * 2 } });
    expect(attemptsOf(response).map(({ waitMs }) => waitMs)).toEqual([2, 4, null]);
  });

  test("a timeout ends each attempt, and ky's TimeoutError says so", async () => {
    const server = await silent();
    const error = await failure<Error>(resilient(ky, quick)(server.url, { timeout: 30, retry: 1 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.cause).toMatchObject({ timer: "attempt", limitMs: 30 });
    expect(server.seen).toHaveLength(2);
  });

  test("a totalTimeout ends everything", async () => {
    const server = await silent();
    const error = await failure<Error>(resilient(ky, quick)(server.url, { totalTimeout: 60 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.cause).toMatchObject({ timer: "deadline", limitMs: 60 });
  });

  test("a timeout covers the silence in the body of a shortcut, and of a response", async () => {
    const stalling = (): ReturnType<typeof start> => start((_request, response) => void response.write("begin"));
    const api = resilient(ky, quick).extend({ timeout: 40, retry: 0 });
    const whole = await failure<Error>(api((await stalling()).url).text());
    expect(whole).toBeInstanceOf(TimeoutError);
    expect(whole.cause).toMatchObject({ timer: "idle" });
    const server = await stalling();
    const response = await api(server.url);
    expect(await failure(response.text())).toMatchObject({ name: "TimeoutError", cause: { timer: "idle" } });
    await until(() => server.sockets() === 0);
  });

  test("timeout: false does not contradict a deadline", async () => {
    const server = await start(recovering(1));
    const api = resilient(ky, { ...quick, timeouts: { deadline: 5000 } });
    expect(await api(server.url, { timeout: false }).text()).toBe("1");
  });

  test("retry.methods: a POST that is listed goes out again after a lost answer, a GET that is not does not", async () => {
    const server = await start((_request, response, number) =>
      number === 1 ? response.destroy() : response.end("ok"),
    );
    const api = resilient(ky, quick).extend({ retry: { methods: ["post"] } });
    expect(await api.post(server.url).text()).toBe("ok");
    const other = await down();
    await failure(api(other.url));
    expect(other.seen).toHaveLength(1);
  });

  test("retry.statusCodes stands in the place of the table: others are not repeated, and these are", async () => {
    const server = await down();
    const api = resilient(ky, quick).extend({ retry: { statusCodes: [418] } });
    await failure(api(server.url));
    expect(server.seen).toHaveLength(1);
    const teapot = await start((_request, response, number) => response.writeHead(number < 3 ? 418 : 200).end());
    await api(teapot.url);
    expect(teapot.seen).toHaveLength(3);
  });

  test("retry.statusCodes does not overrule what the server says in words", async () => {
    const server = await start((_request, response) => response.writeHead(503, { "x-should-retry": "false" }).end());
    await failure(resilient(ky, quick)(server.url, { retry: { statusCodes: [503] } }));
    expect(server.seen).toHaveLength(1);
  });

  test("retry.statusCodes says nothing about a lost connection", async () => {
    const server = await start((_request, response, number) =>
      number === 1 ? response.destroy() : response.end("ok"),
    );
    expect(await resilient(ky, quick)(server.url, { retry: { statusCodes: [500] } }).text()).toBe("ok");
  });

  test("retry.retryOnTimeout: false ends the call at the first silence; otherwise it is retried", async () => {
    for (const [retryOnTimeout, requests] of [
      [false, 1],
      [true, 3],
    ] as const) {
      const server = await silent();
      await failure(resilient(ky, quick)(server.url, { timeout: 30, retry: { retryOnTimeout } }));
      expect(server.seen).toHaveLength(requests);
    }
  });

  test("retry.shouldRetry has the last word, and is told in ky's words", async () => {
    const told: unknown[] = [];
    const server = await start((_request, response, number) => response.writeHead(number < 3 ? 404 : 503).end("no"));
    const shouldRetry = async ({ error, retryCount }: { error: Error; retryCount: number }): Promise<boolean> => {
      const { response } = error as HTTPError;
      told.push([error.name, response.status, await response.text(), retryCount]);
      return response.status === 404;
    };
    await failure(resilient(ky, { retry: { ...quick.retry, maxAttempts: 9 } })(server.url, { retry: { shouldRetry } }));
    expect(told).toEqual([
      ["HTTPError", 404, "no", 1],
      ["HTTPError", 404, "no", 2],
      ["HTTPError", 503, "no", 3],
    ]);
    expect(server.seen).toHaveLength(3);
  });

  test("retry.shouldRetry that has no opinion leaves it to the verdict", async () => {
    const server = await start(recovering(3));
    const shouldRetry = (): undefined => undefined;
    expect(await resilient(ky, quick)(server.url, { retry: { shouldRetry } }).text()).toBe("3");
  });

  test("retry.shouldRetry that throws ends the call with what it threw", async () => {
    const broken = new RangeError("mine");
    const shouldRetry = (): boolean => {
      throw broken;
    };
    expect(await failure(resilient(ky, quick)((await down()).url, { retry: { shouldRetry } }))).toBe(broken);
  });

  test("retry.maxRetryAfter refuses a longer hint", async () => {
    const server = await start((_request, response) => response.writeHead(429, { "retry-after": "20" }).end());
    const error = await failure(resilient(ky, quick)(server.url, { retry: { maxRetryAfter: 1000 } }));
    expect(failureOf(error)).toMatchObject({ stopReason: "deadline", verdict: { retryAfterMs: 20_000 } });
  });

  test("what cannot work is refused by the call that says it", async () => {
    const api = resilient(ky, quick);
    await expect(api("http://127.0.0.1:2", { retry: { afterStatusCodes: [503] } })).rejects.toThrow(RangeError);
    await expect(api("http://127.0.0.1:2", { timeout: 0 })).rejects.toThrow(/^timeout must be at least 1 ms/);
  });
});

describe("an instance and a policy that say different things are refused", () => {
  const backoff = constant(1);
  test.each<[string, Options, KyPolicy]>([
    [
      "retry.limit 2, which is retry.maxAttempts 3, but the policy says 5: set one of them",
      { retry: 2 },
      { retry: { maxAttempts: 5 } },
    ],
    [
      "timeout 5000, which is timeouts.attempt 5000, but the policy says 60000: set one of them",
      { timeout: 5000 },
      { timeouts: { attempt: 60_000 } },
    ],
    [
      "timeout false, which is timeouts.attempt Infinity, but the policy says 60000: set one of them",
      { timeout: false },
      { timeouts: { attempt: 60_000 } },
    ],
    [
      "totalTimeout 5000, which is timeouts.deadline 5000, but the policy says 60000: set one of them",
      { totalTimeout: 5000 },
      { timeouts: { deadline: 60_000 } },
    ],
    [
      "retry.maxRetryAfter 1000, which is retry.maxRetryAfter 1000, but the policy says 2000: set one of them",
      { retry: { maxRetryAfter: 1000 } },
      { retry: { maxRetryAfter: 2000 } },
    ],
    [
      "retry.delay, and the policy retry.backoff: set one of them",
      { retry: { delay: () => 1 } },
      { retry: { backoff } },
    ],
    [
      "retry.jitter, and the policy retry.backoff: set one of them",
      { retry: { jitter: true } },
      { retry: { backoff } },
    ],
    [
      "retry.backoffLimit, and the policy retry.backoff: set one of them",
      { retry: { backoffLimit: 9 } },
      { retry: { backoff } },
    ],
  ])("%s", (message, options, policy) => {
    expect(() => resilient(ky.create(options), policy)).toThrow(new RangeError(`the instance says ${message}`));
  });

  test("but not when they say the same", () => {
    const instance = ky.create({ retry: { limit: 2 }, timeout: 5000 });
    expect(resilient(instance, { retry: { maxAttempts: 3, backoff }, timeouts: { attempt: 5000 } })).toBeTypeOf(
      "function",
    );
  });

  test("and what can never work is refused when it is wrapped, not at the first call", () => {
    expect(() => resilient(ky.create({ retry: { afterStatusCodes: [429] } }))).toThrow(/^retry.afterStatusCodes/);
    expect(() => resilient(ky.create({ timeout: 0 }))).toThrow(/^timeout must be/);
    expect(() => resilient(ky, { retry: { maxAttempts: 0 } })).toThrow(/^retry.maxAttempts must be at least 1/);
  });
});

test("an instance that is wrapped is not changed", async () => {
  const server = await down();
  const bare = ky.create({ retry: 0 });
  resilient(bare, { profile: "standard" });
  const error = await failure<Error>(bare(server.url));
  expect(FailwellError.is(error) || "verdict" in error).toBe(false);
});

import { attemptsOf, constant, failureOf, TimeoutError } from "@failwell/core";
import { failure } from "@failwell/lab";
import axios, { AxiosError, type AxiosRequestConfig } from "axios";
import { describe, expect, test } from "vitest";
import type { AxiosPolicy } from "./policy.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";

const { start } = useServers();
const once: AxiosPolicy = { retry: { maxAttempts: 1 } };

/** The error of a call to a server that says nothing. */
async function silence(
  policy: AxiosPolicy,
  usual: AxiosRequestConfig,
  own: AxiosRequestConfig = {},
): Promise<AxiosError> {
  const server = await start(() => {});
  return failure<AxiosError>(resilient(axios.create(usual as object), policy).get(server.url, own));
}

describe.each(adapters)("axios' own timeout, with the %s adapter,", (adapter) => {
  test("limits each attempt, and is told in axios' words", async () => {
    const error = await silence(quick, { adapter, timeout: 40 });
    expect(error).toBeInstanceOf(AxiosError);
    expect(error.message).toBe("timeout of 40ms exceeded");
    expect(error.code).toBe(adapter === "http" ? "ECONNABORTED" : "ETIMEDOUT");
    expect(error.request).toBeDefined();
    expect(error.cause).toBeInstanceOf(TimeoutError);
    expect(error.cause).toMatchObject({
      timer: "attempt",
      layer: "library",
      limitMs: 40,
      requestMayHaveExecuted: true,
    });
    expect(failureOf(error)).toMatchObject({
      verdict: { kind: "timeout", phase: "unanswered" },
      stopReason: "attempts",
    });
    expect(attemptsOf(error)).toHaveLength(3);
  });

  test("of a request counts more than a policy, that of the instance less", async () => {
    const policy = { ...once, timeouts: { attempt: 60 } };
    expect((await silence(policy, { adapter, timeout: 5000 })).message).toBe("timeout of 60ms exceeded");
    expect((await silence(policy, { adapter }, { timeout: 30 })).message).toBe("timeout of 30ms exceeded");
  });

  test("of 0 on a request lifts the limit of an attempt, and the deadline stays", async () => {
    const error = await silence(
      { ...once, timeouts: { attempt: 20, deadline: 80 } },
      { adapter, timeout: 20 },
      { timeout: 0 },
    );
    expect(error.message).toBe("timeout of 80ms exceeded");
    expect(error.cause).toMatchObject({ timer: "deadline" });
  });

  test("may be longer than the deadline of the profile, but not than one of the policy", async () => {
    const policy = { ...once, timeouts: { deadline: 50 } };
    expect((await silence(policy, { adapter, timeout: 9000 })).cause).toMatchObject({ timer: "deadline", limitMs: 50 });
  });

  test("measures the silence in a body, not its length", async () => {
    const server = await start((_request, response) => {
      response.writeHead(200).write("begin");
      const timer = setInterval(() => response.write("x"), 20);
      setTimeout(() => {
        clearInterval(timer);
        response.end("end");
      }, 200);
      response.on("close", () => clearInterval(timer));
    });
    const { data } = await resilient(axios.create({ adapter, timeout: 100 }), once).get<string>(server.url);
    expect(data).toMatch(/^beginx+end$/);
    const stalled = await start((_request, response) => void response.writeHead(200).write("begin"));
    const error = await failure<AxiosError>(resilient(axios.create({ adapter, timeout: 50 }), quick).get(stalled.url));
    expect(error.cause).toMatchObject({ timer: "idle" });
    expect(attemptsOf(error)).toHaveLength(3);
  });

  test.each([-1, 0.5, Number.NaN, "soon", true])("of %j is refused before anything is sent", async (timeout) => {
    const error = await silence(quick, { adapter }, { timeout: timeout as number });
    expect(error).toMatchObject({
      code: "ERR_BAD_OPTION_VALUE",
      message: `timeout must be 0 or at least 1, got ${timeout} ms`,
    });
  });

  test("may be a text that is a number, as axios allows", async () => {
    expect((await silence(once, { adapter }, { timeout: "30" as never })).message).toBe("timeout of 30ms exceeded");
  });
});

test("with words of the caller's, and with the code that was asked for", async () => {
  const own = { timeoutErrorMessage: "too slow", transitional: { clarifyTimeoutError: true } };
  const error = await silence(once, { timeout: 30, ...own });
  expect(error).toMatchObject({ message: "too slow", code: "ETIMEDOUT" });
});

test("with profile none axios keeps its own timer", async () => {
  const error = await silence({ profile: "none" }, { timeout: 30 });
  expect(error).toMatchObject({ message: "timeout of 30ms exceeded", code: "ECONNABORTED" });
  expect(error.cause).toBeUndefined();
  expect(failureOf(error)).toMatchObject({ verdict: { kind: "timeout" } });
});

test("every attempt has a timer of its own, and the wait is not ended by the last one", async () => {
  const server = await start((_request, response, number) => void (number < 3 || response.end("ok")));
  const api = resilient(axios.create({ timeout: 40 }), { retry: { backoff: constant(80) } });
  expect((await api.get(server.url)).data).toBe("ok");
});

test("many different timeouts are many plans, and not kept for ever", async () => {
  const server = await start((_request, response) => response.end());
  const api = resilient(axios.create(), quick);
  for (let timeout = 1000; timeout < 1210; timeout++) expect((await api.get(server.url, { timeout })).status).toBe(200);
});

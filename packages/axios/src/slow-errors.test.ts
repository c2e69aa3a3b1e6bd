import { attemptsOf, failureOf } from "@failwell/core";
import { failure } from "@failwell/lab";
import axios, { type AxiosError } from "axios";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";

const { start } = useServers();

// Real time has to pass: an error is waited for a second, or for half of what is left to the deadline.
const soon = { timeouts: { deadline: 400, attempt: 300, idle: 300 } };

describe.each(adapters)("an error whose body takes long, with the %s adapter,", (adapter) => {
  test("does not block the retry, and its hint is obeyed", async () => {
    const moments: number[] = [];
    const server = await start((_request, response, number) => {
      moments.push(performance.now());
      if (number > 1) return void response.end("fine");
      response.writeHead(503, { "retry-after-ms": "50" }).write("begin");
    });
    const response = await resilient(axios.create({ adapter }), { ...quick, ...soon, random: () => 0 }).get(server.url);
    expect(response.data).toBe("fine");
    expect(attemptsOf(response)).toMatchObject([{ status: 503, retryAfterMs: 50 }, { status: 200 }]);
    expect(moments[1]! - moments[0]!).toBeLessThan(390);
  });

  test.each([
    ["refused", undefined],
    ["let through", null],
  ])("comes out whole when it is not retried, whether it is %s", async (_name, validateStatus) => {
    const server = await start((_request, response) => {
      response.writeHead(404).write("begin");
      setTimeout(() => response.end(" end"), 300);
    });
    const work = resilient(axios.create({ adapter }), { ...quick, ...soon }).get(server.url, {
      ...(validateStatus === null && { validateStatus }),
    });
    const response = validateStatus === null ? await work : (await failure<AxiosError>(work)).response!;
    expect(response).toMatchObject({ status: 404, data: "begin end" });
    if (validateStatus === null) expect(attemptsOf(response)).toMatchObject([{ status: 404, stop: "fatal" }]);
    else expect(failureOf(await failure(work))).toMatchObject({ verdict: { kind: "not_found" }, stopReason: "fatal" });
  });

  test("ends at the deadline, when the caller aborts, and when it breaks off", async () => {
    const server = await start((request, response) => {
      response.writeHead(404, { "content-length": "100" }).write("begin");
      if (request.url === "/cut") setTimeout(() => response.destroy(), 250);
    });
    const api = resilient(axios.create({ adapter }), { ...quick, ...soon });
    const late = await failure<AxiosError>(api.get(server.url));
    expect(late).toMatchObject({ message: "timeout of 400ms exceeded", cause: { timer: "deadline" } });
    expect(failureOf(late)).toMatchObject({ stopReason: "deadline" });
    const signal = AbortSignal.timeout(300);
    expect(await failure(api.get(server.url, { signal }))).toMatchObject({
      code: "ERR_CANCELED",
      cause: signal.reason,
    });
    const cut = await failure<AxiosError>(api.get(`${server.url}/cut`));
    expect(cut.name).not.toBe("CanceledError");
    expect(attemptsOf(cut)).toHaveLength(1);
  });
});

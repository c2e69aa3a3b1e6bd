import { attemptsOf, failureOf } from "@failwell/core";
import { failure, until } from "@failwell/lab";
import axios, { type AxiosError } from "axios";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";

const { start } = useServers();
const quota =
  '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}';
type Bytes = AsyncIterable<Uint8Array> & { destroy?(): void; cancel?(): Promise<void> };

/** The names of an error and its causes. */
function chain(error: unknown): string[] {
  return error instanceof Error ? [error.name, ...chain(error.cause)] : [];
}

async function text(data: Bytes): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe.each(adapters)("a response as a stream, with the %s adapter,", (adapter) => {
  const api = (policy = {}) => resilient(axios.create({ adapter, responseType: "stream" }), { ...quick, ...policy });

  test("is retried by its status, and comes out readable", async () => {
    const server = await start((_request, response, number) =>
      response.writeHead(number < 3 ? 503 : 200).end(`number ${number}`),
    );
    const response = await api().get<Bytes>(server.url);
    expect(await text(response.data)).toBe("number 3");
    expect(attemptsOf(response)).toHaveLength(3);
  });

  test("that says that the money is gone costs one request, and its error stays readable", async () => {
    const server = await start((_request, response) =>
      response.writeHead(429, { "content-type": "application/json" }).end(quota),
    );
    const error = await failure<AxiosError<Bytes>>(api().post(server.url, { stream: true }));
    expect(server.seen).toHaveLength(1);
    expect(failureOf(error)).toMatchObject({ verdict: { kind: "quota_exhausted" }, stopReason: "fatal" });
    expect(await text(error.response!.data)).toBe(quota);
  });

  test("with an error larger than the look into it comes out whole", async () => {
    const large = `{"pad":"${"x".repeat(300_000)}"}`;
    const server = await start((_request, response) => response.writeHead(400).end(large));
    const error = await failure<AxiosError<Bytes>>(api().get(server.url));
    expect(await text(error.response!.data)).toBe(large);
  });

  test("with an error that never ends is looked into for a second, and can be ended by its reader", async () => {
    let closed = 0;
    const server = await start((_request, response) => {
      response.writeHead(400).write("begin");
      response.on("close", () => closed++);
    });
    const started = performance.now();
    const error = await failure<AxiosError<Bytes>>(api().get(server.url));
    expect(performance.now() - started).toBeLessThan(1500);
    const { data } = error.response!;
    await (data.destroy?.() ?? data.cancel?.());
    await until(() => closed === 1);
  });

  test("with an error that breaks off is judged by what came, and breaks for its reader too", async () => {
    const server = await start((_request, response) => {
      response.writeHead(404, { "content-length": "100" }).write("begin");
      setTimeout(() => response.destroy(), 20);
    });
    const error = await failure<AxiosError<Bytes>>(api().get(server.url));
    expect(failureOf(error)).toMatchObject({ verdict: { kind: "not_found" } });
    const end = await failure(text(error.response!.data));
    expect(end.message).toMatch(/aborted|terminated/);
    expect(failureOf(end)).toMatchObject({ verdict: { kind: "network" }, attempts: [{ status: 404, stop: "fatal" }] });
  });

  test("breaks with a timeout of axios at the deadline", async () => {
    const server = await start((_request, response) => void response.writeHead(200).write("begin"));
    const { data } = await api({ timeouts: { deadline: 500 } }).get<Bytes>(server.url);
    const error = await failure<AxiosError>(text(data));
    expect(error).toMatchObject({
      name: "AxiosError",
      message: "timeout of 500ms exceeded",
      cause: { timer: "deadline" },
    });
    expect(failureOf(error)).toMatchObject({
      verdict: { kind: "timeout" },
      stopReason: "deadline",
      attempts: [{ status: 200, stop: "deadline" }],
    });
    expect(chain(error)).toEqual(["AxiosError", "TimeoutError"]);
    await until(() => server.sockets() === 0);
  });

  test("breaks with axios' CanceledError when its caller aborts, with the reason", async () => {
    const server = await start((_request, response) => void response.writeHead(200).write("begin"));
    const controller = new AbortController();
    const { data } = await api().get<Bytes>(server.url, { signal: controller.signal });
    const work = failure<AxiosError>(text(data));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await work).toMatchObject({ code: "ERR_CANCELED", cause: reason });
    const { token, cancel } = axios.CancelToken.source();
    const other = await api().get<Bytes>(server.url, { cancelToken: token });
    const end = failure(text(other.data));
    cancel("enough");
    expect(await end).toBe(token.reason);
    await until(() => server.sockets() === 0);
  });

  test("that breaks by itself breaks as with axios, and its error carries verdict and attempts", async () => {
    const server = await start((_request, response, number) => {
      if (number === 1) return response.writeHead(503).end();
      response.writeHead(200, { "content-length": "100" }).write("begin");
      return setTimeout(() => response.destroy(), 20);
    });
    const response = await api().get<Bytes>(server.url);
    const error = await failure(text(response.data));
    expect(error.message).toMatch(/aborted|terminated/);
    expect(error.name).not.toBe("FailwellError");
    expect(failureOf(error)).toMatchObject({
      verdict: { kind: "network", phase: "unanswered" },
      attempts: [{ status: 503 }, { status: 200, stop: "fatal" }],
      stopReason: "fatal",
    });
    expect(attemptsOf(error)).toBe(attemptsOf(response));
  });

  test("whose compression is broken breaks as with axios, with the attempts", async () => {
    const server = await start((_request, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end("this is not compressed"),
    );
    const response = await api().get<Bytes>(server.url);
    const error = await failure(text(response.data));
    expect(error.name).not.toBe("FailwellError");
    expect(attemptsOf(error)).toBe(attemptsOf(response));
    expect(attemptsOf(error)).toMatchObject([{ status: 200, stop: "fatal" }]);
  });

  test("that is larger than the caller allows breaks as with axios, with the attempts", async () => {
    const server = await start((_request, response) => {
      response.write("a".repeat(10));
      setTimeout(() => response.end("b".repeat(1000)), 20);
    });
    const response = await api().get<Bytes>(server.url, { maxContentLength: 100 });
    const error = await failure(text(response.data));
    expect(error).toMatchObject({ name: "AxiosError", message: "maxContentLength size of 100 exceeded" });
    expect(failureOf(error)).toMatchObject({
      verdict: { retryable: false, evidence: "maxContentLength" },
      attempts: [{ status: 200 }],
      stopReason: "fatal",
    });
  });

  test("that nobody listens to disturbs nobody when it is aborted", async () => {
    const server = await start((_request, response) => void response.writeHead(404).write("begin"));
    const controller = new AbortController();
    await failure(api().get(server.url, { signal: controller.signal }));
    controller.abort();
    await until(() => server.sockets() === 0);
  });

  test("is the adapter's own when there is nothing to watch for", async () => {
    const server = await start((request, response) => response.writeHead(Number(request.url!.slice(1))).end("body"));
    const plain = resilient(axios.create({ adapter, responseType: "stream" }), { profile: "none" });
    expect(await text((await plain.get<Bytes>(`${server.url}/200`)).data)).toBe("body");
    const error = await failure<AxiosError<Bytes>>(plain.get(`${server.url}/503`));
    expect(failureOf(error)).toMatchObject({ verdict: { kind: "unavailable" } });
    expect(await text(error.response!.data)).toBe("body");
  });
});

test("where Node lends no streams, an error is judged by its status, and stays readable", async () => {
  const server = await start((_request, response) => response.writeHead(429).end(quota));
  const lend = process.getBuiltinModule.bind(process);
  process.getBuiltinModule = (name: string) => (name === "node:stream" ? undefined : lend(name));
  try {
    const api = resilient(axios.create({ responseType: "stream" }), { ...quick, retry: { maxAttempts: 1 } });
    const error = await failure<AxiosError<Bytes>>(api.get(server.url));
    expect(failureOf(error)).toMatchObject({ verdict: { kind: "rate_limit" } });
    expect(await text(error.response!.data)).toBe(quota);
  } finally {
    process.getBuiltinModule = lend;
  }
});

test("an error as a Blob or as bytes is judged by its body", async () => {
  const server = await start((_request, response) =>
    response.writeHead(429, { "content-type": "application/json" }).end(quota),
  );
  for (const adapter of adapters) {
    for (const responseType of ["blob", "arraybuffer", "text", "json"] as const) {
      const error = await failure<AxiosError>(
        resilient(axios.create({ adapter, responseType }), quick).get(server.url),
      );
      expect(failureOf(error)).toMatchObject({ verdict: { kind: "quota_exhausted" } });
    }
  }
  expect(server.seen).toHaveLength(8);
});

import { attemptsOf, constant, retry } from "@failwell/core";
import { failure, recovering, until } from "@failwell/lab";
import Anthropic from "@anthropic-ai/sdk";
import type { ServerResponse } from "node:http";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const json = { "content-type": "application/json" };
const down = '{"error":{"message":"The server is overloaded","type":"server_error"}}';

describe("an SDK that retries by itself, around our fetch", () => {
  // Its own retries are on, as they are by default: twice.
  const openai = (baseURL: string): OpenAI =>
    new OpenAI({ apiKey: "sk-test", baseURL, fetch: resilient(undefined, quick) });
  const ask = (client: OpenAI): Promise<unknown> =>
    client.chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }] });

  test("openai: an outage costs three requests, not nine, and its error is the real one", async () => {
    const server = await start((_request, response) => response.writeHead(503, json).end(down));
    const error = await failure<Error>(ask(openai(server.url)));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error.message).toBe("503 The server is overloaded");
    expect(server.seen).toHaveLength(3);
  });

  test("openai: an error without a body is repeated no more either", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    await failure(ask(openai(server.url)));
    expect(server.seen).toHaveLength(3);
  });

  test("anthropic: the same", async () => {
    const server = await start((_request, response) => response.writeHead(529, json).end(down));
    const client = new Anthropic({
      apiKey: "k",
      baseURL: server.url,
      fetch: resilient(undefined, quick),
    });
    const message = { model: "claude-test", max_tokens: 10, messages: [{ role: "user" as const, content: "Hi" }] };
    await failure(client.messages.create(message));
    expect(server.seen).toHaveLength(3);
  });

  // It waits about half a second before each of its two repetitions, which nobody can change: 1.5 s of real time.
  test("openai: a lost POST is sent once; its repetitions are refused, with the fix", async () => {
    const server = await start((_request, response) => response.destroy());
    const error = await failure<Error>(ask(openai(server.url)));
    expect(server.seen).toHaveLength(1);
    expect((error.cause as Error).message).toBe(
      `POST ${server.url}/chat/completions is repeated by the SDK that calls it, though it may have been executed: set the SDK's maxRetries to 0`,
    );
  });

  test("with our retries off, the SDK's are its own business", async () => {
    const server = await start((_request, response, number) =>
      number < 3 ? response.destroy() : response.writeHead(200, json).end("{}"),
    );
    const fetch = resilient(undefined, { profile: "none" }) as typeof globalThis.fetch;
    await ask(new OpenAI({ apiKey: "sk-test", baseURL: server.url, fetch }));
    expect(server.seen).toHaveLength(3);
  });
});

describe("one of ours inside another", () => {
  test("as the fetch of a fetch is one layer", async () => {
    const server = await start(recovering(9));
    await resilient(resilient(resilient(undefined, quick), quick), quick)(server.url);
    expect(server.seen).toHaveLength(3);
  });

  test("inside a function that passes on what it gets is one layer", async () => {
    const server = await start(recovering(9));
    const inner = resilient(undefined, quick);
    const tagged: typeof fetch = (input, init) => inner(input, { ...init, headers: { "x-tag": "1" } });
    const response = await resilient(tagged, quick)(server.url);
    expect(server.seen).toHaveLength(3);
    expect(attemptsOf(response)).toHaveLength(3);
  });

  test.each<[string, (inner: typeof fetch) => typeof fetch]>([
    ["makes a Request of it", (inner) => (input, init) => inner(new Request(input, init))],
    [
      "adds a signal",
      (inner) => (input, init) => {
        const signal = AbortSignal.any([init!.signal!, AbortSignal.timeout(5000)]);
        return inner(input, { ...init, signal });
      },
    ],
  ])("inside a function that %s is one layer", async (_what, wrap) => {
    const server = await start(recovering(9));
    await resilient(wrap(resilient(undefined, quick)), quick)(server.url);
    expect(server.seen).toHaveLength(3);
  });

  test("inside retry() with its signal is one layer", async () => {
    const server = await start(recovering(9));
    const inner = resilient(undefined, quick);
    const policy = { retry: { backoff: constant(1) } };
    await failure(
      retry(async ({ signal }) => {
        const response = await inner(server.url, { signal });
        if (!response.ok) throw Object.assign(new Error("down"), { status: response.status });
      }, policy),
    );
    expect(server.seen).toHaveLength(3);
  });
});

describe("a body that is read whole inside the call", () => {
  const cut = (number: number, response: ServerResponse): void => {
    if (number > 1) return void response.end('{"whole":true}');
    response.writeHead(200, { "content-length": "100" });
    response.write('{"whole":', () => response.socket?.end());
  };

  test("is asked for again when it was cut off", async () => {
    const server = await start((_request, response, number) => cut(number, response));
    const response = await resilient(undefined, quick)(server.url, { whole: true });
    expect(await response.json()).toEqual({ whole: true });
    expect(attemptsOf(response)).toMatchObject([
      { status: 200, kind: "network" },
      { status: 200, stop: "settled" },
    ]);
  });

  test("of a POST is not: the work may have been done", async () => {
    const server = await start((_request, response, number) => cut(number, response));
    const error = await failure(resilient(undefined, quick)(server.url, { method: "POST", whole: true }));
    expect(error).toMatchObject({ code: "ambiguous_outcome", progress: "answering", stopReason: "unsafe_replay" });
    expect(server.seen).toHaveLength(1);
  });

  test("is not whole by default: what breaks later is told to whoever reads", async () => {
    const server = await start((_request, response, number) => cut(number, response));
    const call = resilient(undefined, quick);
    expect(await failure((await call(server.url)).text())).toMatchObject({ code: "network" });
  });

  test("ends with the caller's abort, and closes the connection", async () => {
    const server = await start((_request, response) => void response.writeHead(200).write("on and on"));
    const controller = new AbortController();
    const work = failure(resilient(undefined, quick)(server.url, { whole: true, signal: controller.signal }));
    await until(() => server.seen.length === 1);
    controller.abort();
    expect(await work).toBe(controller.signal.reason);
    await until(() => server.sockets() === 0);
  });
});

test("a job that was found done is the answer of the call that lost it", async () => {
  const server = await start((request, response) => {
    if (request.method === "POST") response.destroy();
    else response.writeHead(200, json).end('{"status":"done"}');
  });
  const call = resilient(undefined, {
    ...quick,
    idempotencyKey: () => "job-7",
    reconcile: ({ url, idempotencyKey, signal }) => fetch(`${url}/${idempotencyKey}`, { signal }),
  });
  const response = await call(`${server.url}/jobs`, { method: "POST", body: "{}" });
  expect(await response.json()).toEqual({ status: "done" });
  expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST /jobs", "GET /jobs/job-7"]);
  expect(attemptsOf(response)).toMatchObject([{ kind: "network", phase: "unanswered", stop: "settled" }]);
});

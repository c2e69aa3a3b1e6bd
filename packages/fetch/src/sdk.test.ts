import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { constant } from "@failwell/core";
import { generateText, streamText } from "ai";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { serve, type TestServer, until } from "@failwell/lab";

// The real SDKs, over real HTTP, with a resilient fetch in them and their own retries off.
const call = resilient(fetch, { retry: { backoff: constant(1) }, random: () => 0 }) as typeof fetch;

const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_764_000_000,
  model: "gpt-4o",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-test",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const chunks = ["Hel", "lo"].map((content) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_764_000_000,
  model: "gpt-4o",
  choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }],
}));
const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" }, request_id: "req_1" };
const limited = {
  error: {
    message: "Rate limit reached. Please try again in 20ms.",
    type: "requests",
    param: null,
    code: "rate_limit_exceeded",
  },
};
const quota = {
  error: {
    message: "You exceeded your current quota",
    type: "insufficient_quota",
    param: null,
    code: "insufficient_quota",
  },
};

let server: TestServer;
afterEach(() => server.close());

/** Answers with the first, the second, … of the list; the last repeats. */
async function answering(...answers: [status: number, body: unknown][]): Promise<void> {
  server = await serve((_request, response, number) => {
    const [status, body] = answers[Math.min(number, answers.length) - 1]!;
    response
      .writeHead(status, { "content-type": "application/json", "x-request-id": `req_${number}` })
      .end(JSON.stringify(body));
  });
}

/** Streams the chunks, and stays open when told to. */
async function streaming(events: readonly string[], { stay = false } = {}): Promise<void> {
  server = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of events) response.write(event);
    if (!stay) response.end();
  });
}

const sse = [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), "data: [DONE]\n\n"];

describe("openai", () => {
  const client = (): OpenAI =>
    new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, fetch: call, maxRetries: 0 });
  const ask = (options?: OpenAI.RequestOptions) =>
    client().chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }] }, options);

  test("a rate limit is waited out, and the SDK sees only the answer", async () => {
    await answering([429, limited], [200, completion]);
    expect((await ask()).choices[0]?.message.content).toBe("Hello");
    expect(server.seen).toHaveLength(2);
    expect(server.seen[1]!.body).toEqual(server.seen[0]!.body);
  });

  test("an empty quota costs one request, and reaches the SDK as its own error with its body", async () => {
    await answering([429, quota]);
    const error = await ask().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ status: 429, code: "insufficient_quota", requestID: "req_1" });
    expect(server.seen).toHaveLength(1);
  });

  test("a bad request reaches the SDK as it is", async () => {
    await answering([
      400,
      { error: { message: "bad", type: "invalid_request_error", param: "model", code: "invalid_value" } },
    ]);
    expect(await ask().catch((reason: unknown) => reason)).toBeInstanceOf(OpenAI.BadRequestError);
    expect(server.seen).toHaveLength(1);
  });

  test("a stream comes through piece by piece", async () => {
    await streaming(sse);
    const stream = await client().chat.completions.create({ model: "gpt-4o", messages: [], stream: true });
    const pieces: unknown[] = [];
    for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content);
    expect(pieces).toEqual(["Hel", "lo"]);
  });

  test("leaving a stream closes the connection", async () => {
    await streaming(sse.slice(0, 1), { stay: true });
    const stream = await client().chat.completions.create({ model: "gpt-4o", messages: [], stream: true });
    for await (const chunk of stream) {
      expect(chunk.choices[0]?.delta.content).toBe("Hel");
      break;
    }
    await until(() => server.sockets() === 0);
  });

  test("an abort before the answer is the SDK's own abort error", async () => {
    server = await serve(() => {});
    const controller = new AbortController();
    const work = ask({ signal: controller.signal }).catch((reason: unknown) => reason);
    await until(() => server.seen.length === 1);
    controller.abort();
    expect(await work).toBeInstanceOf(OpenAI.APIUserAbortError);
    await until(() => server.sockets() === 0);
    expect(server.seen).toHaveLength(1);
  });

  test("a POST whose answer was lost is not sent again, and the SDK's error holds ours", async () => {
    server = await serve((_request, response) => response.destroy());
    const error = await ask().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.APIConnectionError);
    expect((error as Error).cause).toMatchObject({ code: "ambiguous_outcome", stopReason: "unsafe_replay" });
    expect(server.seen).toHaveLength(1);
  });
});

describe("anthropic", () => {
  const client = (): Anthropic =>
    new Anthropic({ apiKey: "sk-ant-test", baseURL: server.url, fetch: call, maxRetries: 0 });
  const params = { model: "claude-test", max_tokens: 10, messages: [{ role: "user" as const, content: "Hi" }] };

  test("an overloaded API is asked again", async () => {
    await answering([529, overloaded], [529, overloaded], [200, message]);
    expect((await client().messages.create(params)).content).toMatchObject([{ text: "Hello" }]);
    expect(server.seen).toHaveLength(3);
  });

  test("an error that stays reaches the SDK as its own, with its body", async () => {
    await answering([
      401,
      { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" }, request_id: "req_9" },
    ]);
    const error = await client()
      .messages.create(params)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(error).toMatchObject({ error: { error: { message: "invalid x-api-key" } } });
    expect(server.seen).toHaveLength(1);
  });

  test("a stream comes through, and an error inside it is the SDK's own", async () => {
    const event = (data: { type: string }): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
    await streaming([
      event({ type: "message_start", message: { ...message, content: [] } } as { type: string }),
      event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as { type: string }),
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } } as { type: string }),
      event(overloaded),
    ]);
    const texts: string[] = [];
    const stream = client()
      .messages.stream(params)
      .on("text", (text) => texts.push(text));
    const error = await stream.finalMessage().catch((reason: unknown) => reason);
    expect(texts).toEqual(["Hel"]);
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(server.seen).toHaveLength(1);
  });

  test("an abort of a stream closes the connection", async () => {
    await streaming([": ping\n\n"], { stay: true });
    const controller = new AbortController();
    const work = client()
      .messages.create({ ...params, stream: true }, { signal: controller.signal })
      .then(async (stream) => {
        for await (const event of stream) void event;
      })
      .catch((reason: unknown) => reason);
    await until(() => server.seen.length === 1);
    controller.abort();
    await work;
    await until(() => server.sockets() === 0);
  });
});

describe("ai", () => {
  const model = () => createOpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, fetch: call }).chat("gpt-4o");
  const quiet = { maxRetries: 0, prompt: "Hi" };

  test("an outage of two answers is survived", async () => {
    await answering([503, {}], [502, {}], [200, completion]);
    expect((await generateText({ model: model(), ...quiet })).text).toBe("Hello");
    expect(server.seen).toHaveLength(3);
  });

  test("an empty quota costs one request, and is the SDK's own error with its body", async () => {
    await answering([429, quota]);
    const error = await generateText({ model: model(), ...quiet }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "AI_APICallError", statusCode: 429, responseBody: JSON.stringify(quota) });
    expect(server.seen).toHaveLength(1);
  });

  test("a stream comes through", async () => {
    await streaming(sse);
    expect(await streamText({ model: model(), ...quiet }).text).toBe("Hello");
  });

  test("an abort is seen by the server", async () => {
    server = await serve(() => {});
    const controller = new AbortController();
    const work = generateText({ model: model(), ...quiet, abortSignal: controller.signal }).catch(
      (reason: unknown) => reason,
    );
    await until(() => server.seen.length === 1);
    controller.abort();
    expect(await work).toMatchObject({ name: "AbortError" });
    await until(() => server.sockets() === 0);
  });
});

import { failure, growthOfUpload, type Handler } from "@failwell/lab";
import ky, { HTTPError, type KyInstance } from "ky";
import { describe, expect, test } from "vitest";
import { attemptsOf, FailwellError, failureOf, resilient } from "./index.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { isKy2 } from "./testing/hooks.fixture.ts";

const { start } = useServers();
const api: KyInstance = resilient(ky, quick);

/** Answers 503 twice, then 200. */
const third: Handler = (_request, response, number) => response.writeHead(number < 3 ? 503 : 200).end(String(number));

/** Answers with half of `{"whole":true}` until the given request. */
const cutUntil =
  (from: number): Handler =>
  (_request, response, number) => {
    response.writeHead(200, { "content-length": "14", "content-type": "application/json" });
    if (number >= from) response.end('{"whole":true}');
    else response.write('{"whole"', () => response.socket?.end());
  };

function stream(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}

describe("a body that is sent", () => {
  const form = (): FormData => {
    const data = new FormData();
    data.append("a", "1");
    data.append("f", new File(["file"], "f.txt"));
    return data;
  };

  test.each([
    ["JSON", { json: { a: [1] } }],
    ["text", { body: "text" }],
    ["bytes", { body: new Uint8Array([0, 255]) }],
    ["URLSearchParams", { body: new URLSearchParams("a=1") }],
    ["a blob", { body: new Blob(["blob"], { type: "text/x" }) }],
    ["a form", { body: form() }],
  ])("is the same on every attempt: %s", async (_name, options) => {
    const server = await start(third);
    await api.put(server.url, options);
    const [first, ...others] = server.seen.map(({ headers, body }) => [
      body.toString("latin1"),
      headers["content-type"],
      headers["content-length"],
    ]);
    expect(first![0]).not.toBe("");
    expect(others).toEqual([first, first]);
  });

  test("of a Request is the same on every attempt", async () => {
    const server = await start(third);
    await api(new Request(server.url, { method: "PUT", body: "in it" }));
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["in it", "in it", "in it"]);
  });

  test("as a stream is sent once, and the error says why", async () => {
    const server = await start(third);
    const error = await failure(api.put(server.url, { body: stream("once") }));
    expect(error).toBeInstanceOf(HTTPError);
    expect(failureOf(error)).toMatchObject({ stopReason: "body_not_replayable", attempts: [{ status: 503 }] });
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["once"]);
  });

  test("as a stream is sent again from a buffer, as far as bufferBody allows", async () => {
    const server = await start(third);
    const buffering = resilient(ky, { ...quick, bufferBody: 10 });
    await buffering.put(server.url, { body: stream("small") });
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["small", "small", "small"]);
    const other = await start(third);
    await failure(buffering.put(other.url, { body: stream("larger than that") }));
    expect(other.seen.map(({ body }) => body.toString())).toEqual(["larger than that"]);
  });

  test("is told of while it goes out, once, however often it is sent", async () => {
    const server = await start(third);
    const percents: number[] = [];
    await api.put(server.url, { body: "0123456789", onUploadProgress: ({ percent }) => percents.push(percent) });
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["0123456789", "0123456789", "0123456789"]);
    expect(percents).toEqual([1]);
  });

  test("as a stream of 200 MB is not kept in memory: it grows by less than 30 MB", async () => {
    // ky 1 makes a copy of each body by itself.
    if (!isKy2) return;
    expect(await growthOfUpload(new URL("./testing/upload.fixture.ts", import.meta.url))).toBeLessThan(30);
  }, 20_000);
});

describe("a body that is cut off", () => {
  test.each(["json", "text", "blob", "arrayBuffer", "bytes"] as const)("is asked for again by .%s()", async (type) => {
    const server = await start(cutUntil(3));
    expect(await api(server.url)[type]()).toBeDefined();
    expect(server.seen).toHaveLength(3);
  });

  test("comes whole in the end, and the attempts tell", async () => {
    const server = await start(cutUntil(2));
    const promise = api(server.url);
    expect(await promise.json()).toEqual({ whole: true });
    expect(attemptsOf(await promise)).toMatchObject([
      { status: 200, kind: "network" },
      { status: 200, stop: "settled" },
    ]);
  });

  test("again and again ends as a failure of the network", async () => {
    const server = await start(cutUntil(99));
    const error = await failure<Error>(api(server.url).json());
    expect(error.name).toBe(isKy2 ? "NetworkError" : "TypeError");
    expect(failureOf(error)).toMatchObject({ stopReason: "attempts", attempts: [{}, {}, {}] });
  });

  test("of a POST is not asked for again, and the outcome is not known", async () => {
    const server = await start(cutUntil(2));
    const error = await failure<Error>(api.post(server.url, { json: {} }).json());
    expect(failureOf(error)).toMatchObject({ stopReason: "unsafe_replay" });
    let link: unknown = error;
    while (link instanceof Error && !FailwellError.is(link)) link = link.cause;
    expect(link).toMatchObject({ code: "ambiguous_outcome", progress: "answering" });
    expect(server.seen).toHaveLength(1);
  });

  test("of a POST with a key is asked for again", async () => {
    const server = await start(cutUntil(2));
    const headers = { "idempotency-key": "k" };
    expect(await api.post(server.url, { json: {}, headers }).json()).toEqual({ whole: true });
    expect(server.seen).toHaveLength(2);
  });

  test("is not asked for again once the caller has the response, by a late shortcut neither", async () => {
    const server = await start(cutUntil(2));
    const promise = api(server.url);
    await promise;
    expect(failureOf(await failure(promise.json()))).toMatchObject({ stopReason: "fatal" });
    expect(failureOf(await failure((await api((await start(cutUntil(2))).url)).json()))).toMatchObject({
      stopReason: "fatal",
    });
    expect(server.seen).toHaveLength(1);
  });

  test("is not asked for again while somebody watches it come in", async () => {
    const server = await start(cutUntil(2));
    const seen: number[] = [];
    const watching = api(server.url, { onDownloadProgress: ({ transferredBytes }) => seen.push(transferredBytes) });
    await failure(watching.text());
    expect(server.seen).toHaveLength(1);
  });
});

describe("a body that comes", () => {
  test("is told of piece by piece", async () => {
    const server = await start(cutUntil(1));
    const seen: [number, number][] = [];
    const options = {
      onDownloadProgress: ({ percent, totalBytes }: { percent: number; totalBytes: number }) =>
        seen.push([percent, totalBytes]),
    };
    expect(await api(server.url, options).json()).toEqual({ whole: true });
    expect(seen.at(-1)).toEqual([1, 14]);
    expect(attemptsOf(await api(server.url, options))).toMatchObject([{ status: 200, stop: "settled" }]);
  });

  test("is not read before its owner reads it", async () => {
    const server = await start((_request, response) => response.write("first", () => {}));
    const response = await api(server.url);
    const reader = response.body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe("first");
    await reader.cancel();
  });

  test("can be read by several shortcuts, of which the second is refused as by ky", async () => {
    const server = await start(cutUntil(1));
    const promise = api(server.url);
    expect(await promise.json()).toEqual({ whole: true });
    await expect(promise.text()).rejects.toThrow(TypeError);
  });

  test("of an error that never ends costs no retry, and ends the call in time", async () => {
    const server = await start((_request, response, number) => {
      if (number > 1) return response.end("ok");
      return response.writeHead(503).write("still failing");
    });
    expect(await api(server.url).text()).toBe("ok");
  });
});

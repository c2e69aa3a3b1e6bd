import { attemptsOf } from "@failwell/core";
import { describe, expect, test } from "vitest";
import { buffer } from "./request.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { recovering, type TestServer } from "@failwell/lab";

const { start } = useServers();

function withoutBoundary({ body, headers, ...seen }: TestServer["seen"][number]): unknown {
  const [, boundary = "none"] = /boundary=(.*)/.exec(headers["content-type"] ?? "") ?? [];
  return JSON.parse(JSON.stringify({ ...seen, headers, body: body.toString("latin1") }).replaceAll(boundary, "-"));
}

describe("the bytes that are sent", () => {
  const bodies: [string, () => BodyInit][] = [
    ["text", () => '{"prompt":"a cat"}'],
    ["bytes", () => new TextEncoder().encode("bytes")],
    ["a buffer", () => new TextEncoder().encode("buffer").buffer],
    ["a blob", () => new Blob(["blob"], { type: "image/x" })],
    ["search parameters", () => new URLSearchParams({ a: "1", b: "ä" })],
    [
      "a form",
      () => {
        const form = new FormData();
        form.set("f", new Blob(["file"]), "f.txt");
        return form;
      },
    ],
  ];

  test.each(bodies)("%s: the same URL, headers and bytes on every attempt", async (_name, body) => {
    const server = await start(recovering(3));
    const response = await resilient(fetch, quick)(`${server.url}/a?b=c`, {
      method: "PUT",
      body: body(),
      headers: { "x-n": "1" },
    });
    expect(response.status).toBe(200);
    expect(server.seen).toHaveLength(3);
    // The boundary of a form is made anew for each attempt.
    const [first, ...others] = server.seen.map((seen) => withoutBoundary(seen));
    for (const seen of others) expect(seen).toEqual(first);
    expect(server.seen[0]!.body.length).toBeGreaterThan(0);
  });

  test.each(bodies)("%s: what is sent is what plain fetch sends", async (name, body) => {
    const server = await start((_request, response) => response.end());
    const init = () => ({ method: "POST", body: body(), headers: { "x-n": "1" } });
    await fetch(server.url, init());
    await resilient(fetch, quick)(server.url, init());
    const [plain, ours] = server.seen as [never, never] as [
      { headers: Record<string, string>; body: Buffer },
      { headers: Record<string, string>; body: Buffer },
    ];
    if (name === "a form") {
      // The boundary is random.
      expect(ours.body.length).toBe(plain.body.length);
      expect(ours.headers["content-length"]).toBe(plain.headers["content-length"]);
    } else expect(ours).toEqual(plain);
  });

  test("a Request with a body is sent whole on every attempt", async () => {
    const server = await start(recovering(3));
    const request = new Request(server.url, { method: "PUT", body: "from a Request", headers: { "x-r": "1" } });
    await resilient(fetch, quick)(request);
    expect(server.seen.map(({ body }) => body.toString())).toEqual([
      "from a Request",
      "from a Request",
      "from a Request",
    ]);
    expect(server.seen[2]!.headers["x-r"]).toBe("1");
  });

  test("a Request without a body is sent again, with the init laid over it", async () => {
    const server = await start(recovering(2));
    await resilient(fetch, quick)(new Request(server.url, { headers: { a: "1" } }), { headers: { b: "2" } });
    expect(server.seen[1]!.headers).toMatchObject({ b: "2" });
    expect(server.seen[1]!.headers["a"]).toBeUndefined();
  });

  test("what the caller changes after the call changes nothing", async () => {
    const server = await start(recovering(3));
    const headers: Record<string, string> = { "x-n": "before" };
    const list = new Headers({ "x-n": "before" });
    const bytes = new TextEncoder().encode("before");
    const call = resilient(fetch, quick);
    const work = Promise.all([
      call(server.url, { headers }),
      call(server.url, { method: "PUT", headers: list, body: bytes }),
    ]);
    headers["x-n"] = "after";
    list.set("x-n", "after");
    bytes.fill(65);
    await work;
    expect(new Set(server.seen.map((seen) => seen.headers["x-n"]))).toEqual(new Set(["before"]));
    expect(server.seen.filter(({ method }) => method === "PUT").map(({ body }) => body.toString())).toContain("before");
    expect(server.seen.map(({ body }) => body.toString()).filter((body) => body.includes("A"))).toEqual([]);
  });

  test("a frozen init works and stays as it is", async () => {
    const server = await start(recovering(2));
    const init = Object.freeze({ method: "PUT", body: "x", headers: Object.freeze({ a: "1" }) });
    await resilient(fetch, quick)(server.url, init);
    expect(init).toEqual({ method: "PUT", body: "x", headers: { a: "1" } });
  });

  test("a stream is sent once, never again as an empty body, and the reason is said", async () => {
    const server = await start(recovering(2));
    const stream = new Blob(["streamed"]).stream();
    const response = await resilient(fetch, quick)(server.url, {
      method: "PUT",
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(503);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["streamed"]);
    expect(attemptsOf(response)).toMatchObject([{ stop: "body_not_replayable" }]);
  });

  test("a stream within bufferBody is sent again", async () => {
    const server = await start(recovering(2));
    const call = resilient(fetch, { ...quick, bufferBody: 100 });
    const response = await call(server.url, {
      method: "PUT",
      body: new Blob(["streamed"]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(200);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["streamed", "streamed"]);
  });

  test("a stream that cannot be iterated, as in Safari, is kept as well", async () => {
    const server = await start(recovering(2));
    const stream = new Blob(["safari"]).stream();
    Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
    const init = { method: "PUT", body: stream, duplex: "half" } as RequestInit;
    await resilient(fetch, { ...quick, bufferBody: 100 })(server.url, init);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["safari", "safari"]);
  });

  test("a stream beyond bufferBody is sent whole, and once", async () => {
    const server = await start(recovering(2));
    const call = resilient(fetch, { ...quick, bufferBody: 10 });
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const piece of ["0123456", "789abc", "def"]) yield new TextEncoder().encode(piece);
    }
    const response = await call(server.url, {
      method: "PUT",
      body: pieces() as unknown as BodyInit,
      duplex: "half",
    } as RequestInit);
    expect(attemptsOf(response)).toMatchObject([{ stop: "body_not_replayable" }]);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["0123456789abcdef"]);
  });

  test("pieces of text become bytes, those beyond bufferBody too", async () => {
    const pieces = new ReadableStream({
      start(controller) {
        for (const piece of ["ä234567", "89abc", "def", "ö"]) controller.enqueue(piece);
        controller.close();
      },
    });
    const sent = await buffer({ body: pieces, limit: 10 }, new AbortController().signal);
    const chunks: unknown[] = [];
    for await (const chunk of sent as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) chunks.push(chunk);
    expect(chunks).toEqual(["ä234567", "89abc", "def", "ö"].map((piece) => new TextEncoder().encode(piece)));
  });

  test("a stream beyond bufferBody that fails while it is cancelled fails nothing else", async () => {
    let left = 0;
    const pieces = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: new Uint8Array(20) }),
        return: () => {
          left++;
          return Promise.reject(new Error("the file could not be closed"));
        },
      }),
    };
    const sent = await buffer({ body: pieces as never, limit: 10 }, new AbortController().signal);
    await expect((sent as ReadableStream).cancel()).resolves.toBeUndefined();
    expect(left).toBe(1);
  });

  test("a function as a body is called once per attempt", async () => {
    const server = await start(recovering(3));
    let made = 0;
    const body = () => new Blob([`stream ${++made}`]).stream();
    const response = await resilient(fetch, quick)(server.url, { method: "PUT", body });
    expect(response.status).toBe(200);
    expect(server.seen.map(({ body: sent }) => sent.toString())).toEqual(["stream 1", "stream 2", "stream 3"]);
  });
});

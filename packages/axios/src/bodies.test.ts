import { attemptsOf, failureOf } from "@failwell/core";
import { failure, recovering } from "@failwell/lab";
import axios, { type AxiosError } from "axios";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";

const { start } = useServers();

describe.each(adapters)("with the %s adapter", (adapter) => {
  const api = () => resilient(axios.create({ adapter }), quick);

  const file = new File(["file"], 'a"b.txt', { type: "text/plain" });
  const form = new FormData();
  form.append("text", "a\nb");
  form.append("file", file);
  form.append("raw", new Blob(["x"]));
  const bodies: [string, unknown, object?][] = [
    ["JSON", { a: 1 }],
    ["text", "text ä"],
    ["a Buffer", Buffer.from([0, 255])],
    ["an ArrayBuffer", new Uint8Array([1, 2]).buffer],
    ["URLSearchParams", new URLSearchParams("a=1")],
    ["a Blob", new Blob(["blob"])],
    ["a form", form],
    ["a form that is named as one", form, { "Content-Type": "multipart/form-data" }],
    ["a form with a boundary", form, { "Content-Type": "multipart/form-data; boundary=0123456789Own" }],
  ];
  test.each(bodies)(
    "%s is sent with the same bytes and headers on every attempt",
    async (_name, body, headers = {}) => {
      const server = await start(recovering(3));
      await api().put(server.url, body, { headers: headers as never });
      expect(server.seen).toHaveLength(3);
      expect(server.seen[0]!.body.length).toBeGreaterThan(0);
      for (const seen of server.seen) expect(seen).toEqual(server.seen[0]);
    },
  );

  test("a form arrives as its parts, by its boundary", async () => {
    const server = await start((_request, response) => response.end());
    await api().put(server.url, form, { headers: { "Content-Type": "multipart/form-data" } });
    const { headers, body } = server.seen[0]!;
    const parsed = await new Response(new Uint8Array(body), {
      headers: { "content-type": headers["content-type"]! },
    }).formData();
    expect(parsed.get("text")).toBe("a\r\nb");
    expect(parsed.get("file")).toMatchObject({ name: 'a"b.txt', type: "text/plain", size: 4 });
    expect(parsed.get("raw")).toMatchObject({ type: "application/octet-stream", size: 1 });
    expect(headers["content-length"]).toBe(String(body.length));
  });

  test("what the caller changes meanwhile changes nothing", async () => {
    const bytes = Buffer.from("before");
    const server = await start((request, response, number) => {
      bytes.write("after!");
      recovering(2)(request, response, number, bytes);
    });
    await api().put(server.url, bytes);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(["before", "before"]);
  });

  test("progress of an upload and of a download is told on every attempt", async () => {
    const server = await start(recovering(2));
    const [up, down]: number[][] = [[], []];
    await api().put(server.url, "x".repeat(1000), {
      onUploadProgress: ({ loaded }) => up!.push(loaded),
      onDownloadProgress: ({ loaded }) => down!.push(loaded),
    });
    expect(up!.filter((loaded) => loaded === 1000)).toHaveLength(2);
    expect(down!.at(-1)).toBe(1);
    expect(server.seen.map(({ body }) => body.length)).toEqual([1000, 1000]);
  });

  test("an empty idempotency key is none", async () => {
    const server = await start((_request, response) => response.destroy());
    const keys: [object, object][] = [
      [{}, { "Idempotency-Key": "" }],
      [{ idempotencyKey: "" }, {}],
      [{ idempotencyKey: () => "" }, { "Idempotency-Key": " " }],
    ];
    for (const [policy, headers] of keys) {
      const keyed = resilient(axios.create({ adapter }), { ...quick, ...policy });
      expect(failureOf(await failure(keyed.post(server.url, "x", { headers })))).toMatchObject({
        stopReason: "unsafe_replay",
      });
    }
    expect(server.seen).toHaveLength(3);
    const made = resilient(axios.create({ adapter }), { ...quick, idempotencyKey: "made" });
    await failure(made.post(server.url, "x", { headers: { "Idempotency-Key": "" } }));
    expect(server.seen.slice(3).map(({ headers }) => headers["idempotency-key"])).toEqual(["made", "made", "made"]);
  });

  test("an idempotency key is in the config of the error, as it was sent", async () => {
    const server = await start((_request, response) => response.writeHead(503).end());
    const keyed = resilient(axios.create({ adapter }), { ...quick, idempotencyKey: true });
    const error = await failure<AxiosError>(keyed.post(server.url, {}));
    const key = String(error.config!.headers.get("Idempotency-Key"));
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    expect(server.seen.map(({ headers }) => headers["idempotency-key"])).toEqual([key, key, key]);
    await keyed.get(server.url).catch(() => {});
    expect(server.seen[3]!.headers["idempotency-key"]).toBeUndefined();
  });

  test("a key is made from the request, and one of the caller's is kept", async () => {
    const server = await start((_request, response) => response.end());
    const keyed = resilient(axios.create({ adapter, auth: { username: "me", password: "x" } }), {
      ...quick,
      idempotencyKey: ({ method, url, headers }) => `${method} ${new URL(url).search} ${headers.has("authorization")}`,
    });
    await keyed.post(server.url, {}, { params: { a: 1 } });
    await keyed.post(server.url, {}, { headers: { "idempotency-key": "mine" } });
    expect(server.seen.map(({ headers }) => headers["idempotency-key"])).toEqual(["POST ?a=1 true", "mine"]);
  });
});

test("a stream of Node, and a form of the package form-data, are sent once", async () => {
  const server = await start((_request, response) => response.writeHead(503).end());
  const api = resilient(axios.create(), quick);
  for (const work of [api.put(server.url, Readable.from(["a", "b"])), api.putForm(server.url, { a: 1 })]) {
    expect(attemptsOf(await failure(work))).toMatchObject([{ status: 503, stop: "body_not_replayable" }]);
  }
  expect(server.seen).toHaveLength(2);
  expect(server.seen[0]!.body.toString()).toBe("ab");
});

test("an adapter of the caller's own sees the form that the caller sent", async () => {
  const form = new FormData();
  const seen: unknown[] = [];
  const adapter = async (config: { data?: unknown }): Promise<never> => {
    seen.push(config.data);
    return { status: seen.length < 2 ? 503 : 200, data: "", headers: {}, statusText: "", config } as never;
  };
  await resilient(axios.create({ adapter }), quick).put("http://a.test", form);
  expect(seen).toEqual([form, form]);
});

test("a form with a file of another library is sent as it is", async () => {
  const server = await start(recovering(2));
  const form = new FormData();
  form.append("a", new Blob(["x"]));
  const api = resilient(axios.create({ env: { Blob: class extends File {} } as never }), quick);
  await api.put(server.url, form);
  expect(server.seen.map(({ body }) => body.length > 0)).toEqual([true, true]);
});

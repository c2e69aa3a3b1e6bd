import { constant } from "@failwell/core";
import { afterEach, describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { serve, type TestServer } from "@failwell/lab";
import { verdictOf } from "./verdict-of.ts";

let server: TestServer | undefined;
afterEach(() => server?.close());

describe("the verdict on a response", () => {
  test("of plain fetch: found in its body, which stays readable", async () => {
    const text = '{"error":{"message":"Overloaded","type":"overloaded_error"}}';
    server = await serve((_request, response) => response.writeHead(529).end(text));
    const response = await fetch(server.url);
    expect(await verdictOf(response)).toMatchObject({ kind: "overloaded", retryable: true });
    expect(await response.text()).toBe(text);
  });

  test("of resilient fetch: known already, even after the body was read", async () => {
    server = await serve((_request, response) => response.writeHead(401).end("no"));
    const response = await resilient(fetch, { retry: { backoff: constant(1) } })(server.url);
    await response.text();
    expect(await verdictOf(response)).toMatchObject({ kind: "authentication", phase: "answered" });
  });

  test("of a success is null", async () => {
    expect(await verdictOf(new Response("fine"))).toBeNull();
    expect(await verdictOf(new Response(null, { status: 204 }))).toBeNull();
  });

  test("finds the error inside a 200", async () => {
    const response = Response.json({ base_resp: { status_code: 1008, status_msg: "insufficient balance" } });
    expect(await verdictOf(response)).toMatchObject({ kind: "payment_required", retryable: false });
    expect(await response.json()).toMatchObject({ base_resp: { status_code: 1008 } });
  });

  test("without a body is that of its status", async () => {
    expect(await verdictOf(new Response(null, { status: 405 }))).toMatchObject({ kind: "method_not_allowed" });
  });

  test("a body that never ends is looked into for a second", async () => {
    server = await serve((_request, response) => void response.writeHead(503).write("busy"));
    const response = await fetch(server.url);
    const started = performance.now();
    expect(await verdictOf(response)).toMatchObject({ kind: "unavailable" });
    expect(performance.now() - started).toBeLessThan(1500);
    await response.body!.cancel();
  });

  test("of a body that was read already rejects", async () => {
    const response = new Response("x", { status: 500 });
    await response.text();
    await expect(verdictOf(response)).rejects.toThrow(TypeError);
  });
});

import { resolve } from "@failwell/core";
import { failure, recovering, until } from "@failwell/lab";
import { describe, expect, test } from "vitest";
import { createLender, type Host, isStream } from "./lend.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const lend = createLender(resolve);

/** A fetch as people write it for a client that passes a Request. */
const alone: typeof fetch = (request) => fetch(request);

describe("a fetch that takes the Request for all there is", () => {
  test("is ended with its attempt, and by an abort in the body", async () => {
    const server = await start(() => {});
    const call = lend(alone, { retry: { maxAttempts: 1 }, timeouts: { attempt: 40 } });
    expect(await failure(call(new Request(server.url), undefined, {}))).toMatchObject({ timer: "attempt" });
    await until(() => server.sockets() === 0);
    const talking = await start((_request, response) => response.write("on and on"));
    const controller = new AbortController();
    const response = await lend(alone, quick)(new Request(talking.url, { signal: controller.signal }), undefined, {});
    controller.abort();
    expect(await failure(response.text())).toBe(controller.signal.reason);
    await until(() => talking.sockets() === 0);
  });

  test("sends the key, and a stream that is kept", async () => {
    const server = await start(recovering(3));
    const call = lend(alone, { ...quick, idempotencyKey: "k", bufferBody: 10 });
    const body = new Blob(["kept"]).stream();
    const request = new Request(server.url, { method: "POST", body, duplex: "half" } as RequestInit);
    await call(request, undefined, { streams: isStream(body) });
    const sent = server.seen.map(
      ({ headers, body: bytes }) => `${String(headers["idempotency-key"])} ${bytes.toString()}`,
    );
    expect(sent).toEqual(["k kept", "k kept", "k kept"]);
  });

  test("and is resilient itself makes one layer of retries", async () => {
    const server = await start(recovering(9));
    const inner = resilient(undefined, quick);
    await lend((request) => inner(request), quick)(new Request(server.url), undefined, {});
    expect(server.seen).toHaveLength(3);
  });

  test("is called with a URL as with any other", async () => {
    const server = await start(recovering(3));
    await lend(alone, quick)(server.url, undefined, {});
    expect(server.seen).toHaveLength(3);
  });
});

test("a host that changes the headers of a Request whose stream is kept sends both again", async () => {
  const server = await start(recovering(3));
  const body = new Blob(["kept"]).stream();
  const request = new Request(server.url, { method: "PUT", body, duplex: "half" } as RequestInit);
  const host: Host = {
    streams: true,
    beforeRetry: ({ attempts }) => {
      request.headers.set("x-retry", String(attempts.length));
      return Promise.resolve(request);
    },
  };
  await lend(undefined, { ...quick, bufferBody: 10 })(request, undefined, host);
  const sent = server.seen.map(({ headers, body: bytes }) => `${String(headers["x-retry"])} ${bytes.toString()}`);
  expect(sent).toEqual(["undefined kept", "1 kept", "2 kept"]);
});

test("a client may put a method of its own in the place of one of a response", async () => {
  const server = await start((_request, response) => response.end("{}"));
  const response = await resilient(undefined, quick)(server.url);
  response.json = async () => ({ own: await response.text() });
  expect(await response.json()).toEqual({ own: "{}" });
});

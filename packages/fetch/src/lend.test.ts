import { attemptsOf, resolve } from "@failwell/core";
import { failure, recovering } from "@failwell/lab";
import { describe, expect, test } from "vitest";
import type { FailedAttempt, Host } from "./host.ts";
import { createLender, knownVerdict, unread } from "./lend.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const lend = createLender(resolve);
const send = (input: string | Request, host?: Host, init = {}): Promise<Response> =>
  lend(undefined, quick)(input, init, host);

describe("a host", () => {
  test("that says nothing has a resilient fetch", async () => {
    const server = await start(recovering(3));
    expect(attemptsOf(await send(server.url))).toHaveLength(3);
  });

  test("sees each failure before the retry: the answer with its body, or what was thrown", async () => {
    const seen: FailedAttempt[] = [];
    const server = await start((_request, response, number) => {
      if (number === 1) response.writeHead(503, { "x-own": "1" }).end("first");
      else if (number === 2) response.destroy();
      else response.end("fine");
    });
    await send(server.url, {
      beforeRetry: async (failed) => {
        seen.push(failed);
        return undefined;
      },
    });
    expect(seen).toMatchObject([
      { verdict: { kind: "unavailable" }, error: undefined },
      { verdict: { kind: "network" }, response: null, error: { message: "fetch failed" } },
    ]);
    expect(seen[0]!.response!.headers.get("x-own")).toBe("1");
    expect(await seen[0]!.response!.text()).toBe("first");
  });

  test("may put another request in the place of the first, which keeps the idempotency key", async () => {
    const server = await start(recovering(3));
    const init = { method: "POST", body: "one", policy: { ...quick, idempotencyKey: "k" } };
    await send(
      server.url,
      {
        beforeRetry: async ({ attempts }) =>
          attempts.length === 1
            ? new Request(`${server.url}/other`, { method: "POST", body: "two", headers: { "x-token": "new" } })
            : undefined,
      },
      init,
    );
    expect(
      server.seen.map(({ url, body, headers }) => [url, String(body), headers["x-token"], headers["idempotency-key"]]),
    ).toEqual([
      ["/", "one", undefined, "k"],
      ["/other", "two", "new", "k"],
      ["/other", "two", "new", "k"],
    ]);
  });

  test("may answer in the place of a retry", async () => {
    const server = await start(recovering(9));
    const response = await send(server.url, { beforeRetry: async () => new Response("from the cache") });
    expect(await response.text()).toBe("from the cache");
    expect(server.seen).toHaveLength(1);
  });

  test("has the last word on a failure", async () => {
    const server = await start((_request, response) => response.writeHead(404).end());
    await send(server.url, { weigh: ({ verdict }) => ({ ...verdict, retryable: true }) });
    expect(server.seen).toHaveLength(3);
  });

  test("that will read the whole body has it read inside the attempt", async () => {
    const server = await start((_request, response, number) => {
      if (number > 1) return response.end("whole");
      response.writeHead(200, { "content-length": "100" });
      return response.write("half", () => response.socket?.end());
    });
    expect(await (await send(server.url, { whole: () => true })).text()).toBe("whole");
    expect(server.seen).toHaveLength(2);
  });

  test("hears in its own words of a body that breaks while it is read", async () => {
    const server = await start((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half", () => response.socket?.end());
    });
    const response = await send(server.url, { explain: (error) => new Error("mine", { cause: error }) });
    expect(await failure(response.text())).toMatchObject({ message: "mine", cause: { code: "network" } });
  });

  test("that streams a Request has it sent once, without a copy", async () => {
    const server = await start(recovering(9));
    const request = new Request(server.url, {
      method: "PUT",
      body: new Blob(["x"]).stream(),
      duplex: "half",
    } as RequestInit);
    const response = await send(request, { streams: true });
    expect(attemptsOf(response)).toMatchObject([{ stop: "body_not_replayable" }]);
    expect(request.bodyUsed).toBe(true);
  });

  test("that streams a Request may have it kept as far as the policy says", async () => {
    const server = await start(recovering(3));
    const request = new Request(server.url, {
      method: "PUT",
      body: new Blob(["kept"]).stream(),
      duplex: "half",
    } as RequestInit);
    await send(request, { streams: true }, { policy: { ...quick, bufferBody: 100 } });
    expect(server.seen.map(({ body }) => String(body))).toEqual(["kept", "kept", "kept"]);
  });
});

describe("an error response that was handed out", () => {
  test("has its verdict at hand, and can be had unread again when it was small", async () => {
    const server = await start((_request, response) => response.writeHead(404).end("no such path"));
    const response = await send(server.url);
    expect(knownVerdict(response)).toMatchObject({ kind: "not_found" });
    expect(await response.text()).toBe("no such path");
    expect(await unread(response)!.text()).toBe("no such path");
    expect(await unread(response)!.text()).toBe("no such path");
  });

  test("is gone when it was large: nothing keeps more than was looked into", async () => {
    const server = await start((_request, response) => response.writeHead(404).end("x".repeat(200_000)));
    expect(unread(await send(server.url))).toBeNull();
  });

  test("is not known to whoever made it otherwise", () => {
    expect(knownVerdict(new Response())).toBeUndefined();
  });
});

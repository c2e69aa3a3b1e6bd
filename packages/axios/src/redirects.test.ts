import { FakeXMLHttpRequest } from "./testing/xhr.fixture.ts";
import { attemptsOf, failureOf } from "@failwell/core";
import { failure } from "@failwell/lab";
import axios, { type AxiosAdapter, type AxiosError, getAdapter } from "axios";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { Redirects } from "./redirects.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const own: AxiosAdapter = (config) => getAdapter("http")(config);
const senders: [string, "http" | "fetch" | "xhr" | AxiosAdapter][] = [
  ["the http adapter", "http"],
  ["the fetch adapter", "fetch"],
  ["the xhr adapter", "xhr"],
  ["an adapter around that for http", own],
];

/** A job is begun by a POST, and then fetched, which fails at first. */
const jobs = (status: number, redirect = 303) =>
  start((request, response, number) => {
    if (request.url === "/jobs") response.writeHead(redirect, { location: "/jobs/1" }).end();
    else response.writeHead(number < 3 ? status : 200).end("done");
  });

test("the xhr adapter is that over the XMLHttpRequest of the test", () => {
  expect(globalThis.XMLHttpRequest).toBe(FakeXMLHttpRequest);
});

describe.each(senders)("after a redirect, with %s,", (_name, adapter) => {
  const api = (policy = {}) => resilient(axios.create({ adapter }), { ...quick, ...policy });

  test.each([
    [302, 503],
    [303, 429],
    [303, 500],
  ])("a POST that was answered by %i, and then by %i, is not sent again", async (redirect, status) => {
    const server = await jobs(status, redirect);
    const error = await failure<AxiosError>(api().post(`${server.url}/jobs`, { a: 1 }));
    expect(server.seen.map(({ method }) => method)).toEqual(["POST", "GET"]);
    expect(error.response!.status).toBe(status);
    expect(failureOf(error)).toMatchObject({ stopReason: "unsafe_replay", verdict: { phase: "unanswered", status } });
  });

  test("a POST with a key is sent again, and what is idempotent too", async () => {
    const server = await jobs(503);
    const response = await api({ idempotencyKey: true }).post(`${server.url}/jobs`, { a: 1 });
    expect(response.data).toBe("done");
    expect(server.seen.map(({ method }) => method)).toEqual(["POST", "GET", "POST", "GET"]);
    const other = await jobs(503);
    expect(attemptsOf(await api().get(`${other.url}/jobs`))).toMatchObject([{ phase: "answered" }, { kind: null }]);
  });

  test("only the origin that asks for it is cooled down", async () => {
    const busy = await start((_request, response) => response.writeHead(429, { "retry-after": "9999" }).end());
    const server = await start((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: busy.url }).end();
      else response.end("fine");
    });
    const client = api();
    await failure(client.get(server.url));
    expect((await client.get(`${server.url}/other`)).data).toBe("fine");
    expect(await failure(client.get(busy.url))).toMatchObject({ code: "cooling_down" });
    expect(busy.seen).toHaveLength(1);
  });

  test("an attempt without one is judged by its answer again", async () => {
    const server = await start((request, response, number) => {
      if (request.url === "/jobs" && number === 1) response.writeHead(303, { location: "/other" }).end();
      else response.writeHead(number < 4 ? 503 : 200).end("done");
    });
    const response = await api({ retry: { ...quick.retry, maxAttempts: 4 }, idempotencyKey: true }).post(
      `${server.url}/jobs`,
      "x",
    );
    expect(attemptsOf(response).map(({ phase }) => phase)).toEqual(["unanswered", "answered", "answered"]);
  });
});

test("a POST whose redirected answer is slow is not sent again", async () => {
  const server = await start((request, response) => {
    if (request.method === "POST") response.writeHead(303, { location: "/jobs/1" }).end();
    else {
      response.writeHead(503).write("begin");
      // Real time: it is longer than the second that is waited for a body.
      setTimeout(() => response.end(), 1200);
    }
  });
  await Promise.all(
    ["http", "fetch"].map((adapter) => failure(resilient(axios.create({ adapter }), quick).post(server.url, { a: 1 }))),
  );
  expect(server.seen.map(({ method }) => method)).toEqual(["POST", "POST", "GET", "GET"]);
});

test("through a proxy it is known too", async () => {
  const proxy = createServer((request, response) => {
    if (request.method === "POST") response.writeHead(303, { location: "/jobs/1" }).end();
    else response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => void proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as { port: number };
  const api = resilient(axios.create({ adapter: "http", proxy: { host: "127.0.0.1", port } }), quick);
  const error = await failure<AxiosError>(api.post("http://jobs.test/jobs", "x"));
  proxy.close();
  expect(failureOf(error)).toMatchObject({ stopReason: "unsafe_replay", verdict: { phase: "unanswered" } });
});

describe("where redirects led", () => {
  const head = (location?: string, status = 302) => ({ status, headers: { location }, stop: () => {} });

  test("is followed from hop to hop", () => {
    const redirects = new Redirects(new URL("http://a.test/x"));
    expect(redirects.heard(head(undefined))).toBeNull();
    expect(redirects.heard(head("/made", 201))).toBeNull();
    expect(redirects.heard(head("/y"))).toBe("http://a.test");
    expect(redirects.heard(head("//b.test/z"))).toBe("http://b.test");
    expect(redirects.heard(head("q"))).toBe("http://b.test");
    expect(redirects.heard(head(undefined, 503))).toBe("http://b.test");
    expect(redirects.heard(head("http://"))).toBe("");
  });

  test("is what the request says in the end", () => {
    const asked = (): Redirects => new Redirects(new URL("http://u:p@a.test/x?q=1#part"));
    expect(asked().answered(undefined)).toBeNull();
    expect(asked().answered({ responseURL: "http://a.test/x?q=1" })).toBeNull();
    expect(asked().answered({ responseURL: "http://b.test/" })).toBe("http://b.test");
    expect(asked().answered({ _redirectable: { _redirectCount: 0 } })).toBeNull();
    expect(asked().answered({ _redirectable: { _redirectCount: 1 }, res: { responseUrl: "http://c.test/" } })).toBe(
      "http://c.test",
    );
    expect(new Redirects(null).answered({ responseURL: "http://b.test/" })).toBeNull();
  });
});

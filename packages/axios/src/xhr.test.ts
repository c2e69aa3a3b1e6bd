import { FakeXMLHttpRequest } from "./testing/xhr.fixture.ts";
import { attemptsOf, failureOf } from "@failwell/core";
import { failure, recovering, refused, until } from "@failwell/lab";
import axios, { type AxiosError } from "axios";
import { describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const api = (policy = {}) => resilient(axios.create({ adapter: "xhr" }), { ...quick, ...policy });

describe("the xhr adapter", () => {
  test("is that of axios, over the XMLHttpRequest of the test", () => {
    expect(globalThis.XMLHttpRequest).toBe(FakeXMLHttpRequest);
  });

  test("is retried like the others", async () => {
    const server = await start(recovering(3));
    const response = await api().put(server.url, { a: 1 });
    expect(response.data).toBe(3);
    expect(attemptsOf(response)).toHaveLength(3);
    expect(new Set(server.seen.map(({ body }) => body.toString()))).toEqual(new Set(['{"a":1}']));
  });

  test("sends a form with the same bytes, and with its own type", async () => {
    const server = await start(recovering(2));
    const form = new FormData();
    form.append("a", "1");
    await api().post(server.url, form);
    const [first, second] = server.seen;
    expect(second).toEqual(first);
    expect(first!.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=axios-[0-9a-f]{36}$/);
    expect(first!.body.toString()).toContain('name="a"\r\n\r\n1\r\n');
  });

  test("tells what it hears of the body: silence after the first bytes is one, their length is not", async () => {
    const server = await start((request, response) => {
      response.writeHead(200).write("begin");
      if (request.url !== "/slow") return;
      const timer = setInterval(() => response.write("x"), 20);
      setTimeout(() => {
        clearInterval(timer);
        response.end();
      }, 1000);
    });
    const heard: number[] = [];
    const timeouts = { attempt: 600, idle: 600 };
    const onDownloadProgress = ({ loaded }: { loaded: number }): void => void heard.push(loaded);
    const { data } = await api({ timeouts }).get<string>(`${server.url}/slow`, { onDownloadProgress });
    expect(data).toMatch(/^beginx+$/);
    expect(heard.length).toBeGreaterThan(1);
    const error = await failure<AxiosError>(
      api({ retry: { maxAttempts: 1 }, timeouts: { idle: 100 } }).get(server.url),
    );
    expect(error).toMatchObject({ code: "ECONNABORTED", cause: { timer: "idle" } });
  });

  test("fails in the words of axios, with the verdict of the others", async () => {
    const error = await failure<AxiosError>(api().get(await refused()));
    expect(error).toMatchObject({ code: "ERR_NETWORK", message: "Network Error" });
    expect(failureOf(error)).toMatchObject({ verdict: { kind: "network", retryable: true }, stopReason: "attempts" });
    const silent = await start(() => {});
    const late = await failure<AxiosError>(api().get(silent.url, { timeout: 30 }));
    expect(late).toMatchObject({ code: "ECONNABORTED", message: "timeout of 30ms exceeded" });
    expect(attemptsOf(late)).toHaveLength(3);
  });

  test("is aborted, and says canceled", async () => {
    const server = await start(() => {});
    const controller = new AbortController();
    const work = failure<AxiosError>(api().get(server.url, { signal: controller.signal }));
    await until(() => server.seen.length === 1);
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await work).toMatchObject({ code: "ERR_CANCELED", message: "canceled", cause: reason });
    await until(() => server.sockets() === 0);
  });
});

import ky, { type KyInstance, type Options } from "ky";
import { describe, expect, test } from "vitest";
import { type KyPolicy, resilient } from "./index.ts";
import { received } from "./testing/answers.fixture.ts";
import { type Case, still } from "./testing/case.fixture.ts";
import { failing } from "./testing/failures.fixture.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { isKy2 } from "./testing/hooks.fixture.ts";
import { handle } from "./testing/pages.fixture.ts";
import { requests, sent } from "./testing/requests.fixture.ts";

const { start } = useServers();

const names = (url: string, value: string): string =>
  value.replaceAll(url, "http://host").replaceAll(url.slice(7), "host");

/** What of a value can be seen, with the address of the server taken out. */
async function shown(value: unknown, url: string): Promise<unknown> {
  if (value instanceof Response) {
    const { status, statusText, ok, redirected, type } = value;
    const headers = [...value.headers].filter(([name]) => name !== "date");
    const body = await value.text().catch((error: Error) => error.name);
    return { status, statusText, ok, redirected, type, headers, url: names(url, value.url), body };
  }
  if (value instanceof Blob) return [value.type, await value.text()];
  if (value instanceof ArrayBuffer) return ["ArrayBuffer", Buffer.from(value).toString()];
  if (!(value instanceof Error)) return value;
  const { name, message, cause, code, data, response, request } = value as Error &
    Record<"code" | "data" | "response" | "request", unknown>;
  return {
    class: value.constructor.name,
    prototypes: [Error, TypeError, SyntaxError, DOMException]
      .filter((type) => value instanceof type)
      .map((type) => type.name),
    name,
    message: names(url, message),
    code,
    data,
    keys: Object.keys(value).toSorted(),
    cause: await shown(cause, url),
    response:
      response instanceof Response
        ? [response.status, names(url, response.url), [...response.headers.keys()]]
        : response,
    request: request instanceof Request ? [request.method, names(url, request.url)] : request,
  };
}

async function outcome({ call, options }: Case, make: (options: Options) => KyInstance): Promise<unknown> {
  const server = await start(handle);
  const { url } = server;
  const came = await (async () => call(make({ ...still, ...options?.(url) }), url))().then(
    async (value) => ({ value: await shown(value, url) }),
    async (error: unknown) => ({ error: await shown(error, url) }),
  );
  const saw = server.seen.map(({ method, url: path, headers: all, body }) => {
    const { host: _, ...headers } = all;
    const boundary = /boundary=(.*)$/.exec(headers["content-type"] ?? "")?.[1] ?? "none";
    const plain = (value: string): string => value.replaceAll(boundary, "boundary");
    return {
      method,
      path,
      headers: JSON.parse(plain(JSON.stringify(headers))) as unknown,
      body: plain(body.toString("latin1")),
    };
  });
  return { came, saw };
}

const wrapped = (policy: KyPolicy) => (options: Options) => resilient(ky.create(options), policy);
const here = ({ only }: Case): boolean => only === undefined || (only === 2) === isKy2;

describe("with the profile none it is ky itself", () => {
  test.each([...requests, ...sent, ...received, ...failing].filter(here))("$name", async (item) => {
    const bare = await outcome(item, ky.create);
    expect(await outcome(item, wrapped({ profile: "none" }))).toEqual(bare);
  });
});

describe("with the profile standard, too, where nothing fails", () => {
  const ordinary = [...requests, ...sent, ...received, ...failing].filter((item) => here(item) && item.fails !== true);
  // An instance that says that nothing is to be retried would not show what retries cost.
  const free = (options: Options): KyInstance => {
    const { retry: _, timeout: __, ...rest } = options;
    return resilient(ky.create(rest), quick);
  };
  test.each(ordinary)("$name", async (item) => {
    const bare = await outcome(item, ky.create);
    expect(await outcome(item, free)).toEqual(bare);
  });
});

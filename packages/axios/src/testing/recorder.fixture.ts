import type { Handler, Seen } from "@failwell/lab";
import { type AxiosError, type AxiosResponse, isAxiosError } from "axios";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

/** A server for ordinary requests, by path. */
export const ordinary: Handler = async (request, response, _number, body) => {
  const { pathname } = new URL(request.url!, "http://a");
  const status = /^\/status\/(\d+)/.exec(pathname)?.[1];
  if (status !== undefined) return response.writeHead(Number(status), { "x-made": "here" }).end(`{"status":${status}}`);
  switch (pathname) {
    case "/gzip":
      return response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync('{"packed":true}'));
    case "/text":
      return response.writeHead(200, { "content-type": "text/plain" }).end("\uFEFFplain ä");
    case "/bytes":
      return response.end(Buffer.from([0, 255, 1, 254]));
    case "/broken-json":
      return response.writeHead(200, { "content-type": "application/json" }).end('{"half":');
    case "/empty":
      return response.writeHead(204).end();
    case "/redirect":
      return response.writeHead(302, { location: "/echo?from=redirect" }).end();
    case "/redirect-307":
      return response.writeHead(307, { location: "/echo" }).end();
    case "/loop":
      return response.writeHead(302, { location: "/loop" }).end();
    case "/large":
      return response.end("x".repeat(100_000));
    case "/pieces":
      response.writeHead(200, { "set-cookie": ["a=1", "b=2"] });
      for (const piece of ["one ", "two ", "three"]) {
        response.write(piece);
        await sleep(2);
      }
      return response.end();
    case "/cut":
      response.writeHead(200, { "content-length": "100" }).write("begin");
      return setTimeout(() => response.destroy(), 10);
    case "/reset":
      return request.socket.resetAndDestroy();
    case "/stall":
      return response.writeHead(200).write("begin");
    case "/hang":
      return undefined;
    default: {
      const { method, url, headers } = request;
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(
        JSON.stringify({ method, url, type: headers["content-type"], body: body.toString("latin1") }),
      );
    }
  }
};

/** Ports and boundaries differ from server to server and from call to call. */
function neutral(text: string): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, "HOST")
    .replace(
      /(?:axios-[\d.]+-boundary-[-\w]{25}|-{4}formdata-undici-\d+|axios-[0-9a-f]{36}|-{10,}[0-9a-f]{24}|-{26}\d{20,})/g,
      "BOUNDARY",
    )
    .replace(/\b\d+:\d+:\d+ GMT/g, "TIME");
}

/** What a server saw, as far as it can be the same twice. */
export function sent({ method, url, headers, body }: Seen): unknown {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, neutral(String(value))]));
  // The length counts the boundary.
  if (headers["content-type"]?.startsWith("multipart") || /boundary|form-data/.test(body.toString("latin1")))
    delete own["content-length"];
  return { method, url, headers: own, body: neutral(body.toString("latin1")) };
}

async function read(data: unknown): Promise<unknown> {
  try {
    if (data instanceof Readable || data instanceof ReadableStream) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of data) chunks.push(Buffer.from(chunk as Uint8Array));
      return {
        stream: data.constructor.name === "ReadableStream" ? "web" : "node",
        text: neutral(Buffer.concat(chunks).toString("latin1")),
      };
    }
    if (data instanceof Blob) return { blob: data.type, text: await data.text() };
  } catch (error) {
    return { broke: facts(error as Error) };
  }
  if (data instanceof ArrayBuffer) return { buffer: Buffer.from(data).toString("hex") };
  if (Buffer.isBuffer(data)) return { node: data.toString("hex") };
  if (typeof data === "string" && data.length > 1000) return createHash("sha1").update(data).digest("hex");
  return typeof data === "string" ? neutral(data) : JSON.parse(neutral(JSON.stringify(data ?? null)));
}

function facts(error: Error & { code?: unknown; status?: unknown }): object {
  return { name: error.name, message: neutral(error.message), code: error.code, status: error.status };
}

async function told(response: AxiosResponse): Promise<unknown> {
  const { status, statusText, headers, data, config } = response;
  const { date: _, ...shown } = Object.fromEntries(Object.entries(headers)) as Record<string, unknown>;
  return {
    status,
    statusText,
    headers: JSON.parse(neutral(JSON.stringify(shown))),
    kind: headers.constructor.name,
    data: await read(data),
    config: configured(config),
    keys: Object.keys(response).toSorted(),
    request: response.request?.constructor?.name,
  };
}

/** A config, as far as it can be compared. */
function configured(config: AxiosResponse["config"] | undefined): unknown {
  if (config === undefined) return undefined;
  const { headers, url, timeout, method, adapter, signal, cancelToken } = config;
  const plain: Record<string, unknown> = Object.fromEntries(headers);
  delete plain["Content-Length"];
  return {
    keys: Object.keys(config).toSorted(),
    headers: JSON.parse(neutral(JSON.stringify(plain))),
    class: headers.constructor.name,
    url: neutral(String(url)),
    timeout,
    method,
    adapter: typeof adapter === "function" ? "its own" : adapter,
    signal: signal?.constructor.name,
    token: cancelToken?.constructor.name,
    data: config.data?.constructor?.name,
  };
}

/** What came of a call, as far as it can be the same twice. */
export async function outcome(work: Promise<AxiosResponse>): Promise<unknown> {
  try {
    return { response: await told(await work) };
  } catch (error) {
    const thrown = error as AxiosError;
    return {
      ...facts(thrown),
      axios: isAxiosError(thrown),
      cause: thrown.cause !== undefined,
      config: configured(thrown.config),
      response: thrown.response && (await told(thrown.response)),
      request: thrown.request?.constructor?.name,
    };
  }
}

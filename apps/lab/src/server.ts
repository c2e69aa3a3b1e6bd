import type { FailwellError } from "@failwell/core";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from "node:net";

/** What a server saw of one request. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface TestServer {
  readonly url: string;
  readonly seen: Seen[];
  /** Open connections. */
  sockets(): number;
  /** Connections ever opened. */
  readonly opened: number;
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, number: number, body: Buffer) => unknown;

async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function counted(server: Server | TcpServer): { open: Set<Socket>; opened: () => number; close: () => Promise<void> } {
  const open = new Set<Socket>();
  let opened = 0;
  server.on("connection", (socket: Socket) => {
    opened++;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
  });
  return {
    open,
    opened: () => opened,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** A real server on the loopback: `handle` gets the number of the request, 1 for the first, and its whole body. */
export async function serve(handle: Handler): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const { method = "", url = "", headers } = request;
    const body = Buffer.concat(chunks);
    seen.push({ method, url, headers, body });
    await handle(request, response, seen.length, body);
  });
  const { open, opened, close } = counted(server);
  const url = await listening(server);
  return {
    url,
    seen,
    sockets: () => open.size,
    close,
    get opened() {
      return opened();
    },
  };
}

/** A raw socket server: for what no HTTP server does. `seen` stays empty. */
export async function serveRaw(handle: (socket: Socket, number: number) => void): Promise<TestServer> {
  const server = createTcpServer();
  const { open, opened, close } = counted(server);
  server.on("connection", (socket: Socket) => handle(socket, opened()));
  const url = await listening(server);
  return {
    url,
    seen: [],
    sockets: () => open.size,
    close,
    get opened() {
      return opened();
    },
  };
}

/** Answers 503 until the given request, then 200 with the number of the request as its body. */
export function recovering(from: number): Handler {
  return (_request, response, number) => {
    response.writeHead(number < from ? 503 : 200, { "content-type": "text/plain" });
    response.end(String(number));
  };
}

/** Waits for an event to have happened: a real server answers when it answers. */
export async function until(condition: () => boolean, ms = 5000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not so within ${ms} ms: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** What a call was rejected with; fails when it was not. `E` is what the caller knows about it. */
export async function failure<E = FailwellError>(work: PromiseLike<unknown>): Promise<E> {
  return work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as E,
  );
}

import { bytesOf, openBody, peek, PEEK_BYTES } from "@failwell/core";

// Of Node's own types, only what is used here: the package is compiled without them.

/** A stream of Node, as its adapter gives it. */
export interface NodeStream extends AsyncIterable<Uint8Array | string> {
  read(): Uint8Array | string | null;
  on(event: string, listener: (value: never) => void): unknown;
  once(event: string, listener: (value: never) => void): unknown;
  off(event: string, listener: (value: never) => void): unknown;
  destroy(error?: unknown): unknown;
}

interface Streams {
  readonly Readable: { from(source: AsyncIterable<unknown>, options: object): NodeStream };
}

/** What somebody else will read: not yet a body. */
export type Stream = NodeStream | ReadableStream<Uint8Array>;

export function isStream(data: unknown): data is Stream {
  return isNodeStream(data) || isWebStream(data);
}

export function isNodeStream(data: unknown): data is NodeStream {
  return typeof data === "object" && data !== null && "pipe" in data && "destroy" in data;
}

function isWebStream(data: unknown): data is ReadableStream<Uint8Array> {
  return typeof data === "object" && data !== null && "getReader" in data;
}

/** The beginning of a stream, and a stream of the same bytes in its place. */
export interface Looked {
  readonly bytes: Uint8Array;
  readonly stream: Stream;
}

/** Where a look gets its time from. */
interface Timer {
  set(wake: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

/** Reads at most 64 KiB of a stream, for at most `ms`. Never rejects: whoever reads the rest meets what broke it. */
export async function look(stream: Stream, timer: Timer, ms: number): Promise<Looked> {
  if (!isNodeStream(stream)) return lookWeb(stream, timer, ms);
  const streams = (
    globalThis as { process?: { getBuiltinModule?(name: string): unknown } }
  ).process?.getBuiltinModule?.("node:stream") as Streams | undefined;
  // Without it, nothing can stand in its place.
  return streams === undefined ? { bytes: new Uint8Array(), stream } : lookNode(stream, streams, timer, ms);
}

async function lookNode(source: NodeStream, { Readable }: Streams, timer: Timer, ms: number): Promise<Looked> {
  const chunks: (Uint8Array | string)[] = [];
  const ended = await new Promise<boolean>((resolve) => {
    let size = 0;
    const more = (): void => {
      for (let chunk; size < PEEK_BYTES && (chunk = source.read()) !== null; size += chunk.length) chunks.push(chunk);
      if (size >= PEEK_BYTES) stop();
    };
    const listeners = { readable: more, end: () => stop(true), error: () => stop(), close: () => stop() };
    const handle = timer.set(() => stop(), ms);
    const stop = (whole = false): void => {
      timer.clear(handle);
      for (const [event, listener] of Object.entries(listeners)) source.off(event, listener);
      resolve(whole);
    };
    for (const [event, listener] of Object.entries(listeners)) source.on(event, listener);
  });
  async function* rejoined(): AsyncGenerator<Uint8Array | string> {
    yield* chunks;
    if (!ended) yield* source;
  }
  const stream = Readable.from(rejoined(), { objectMode: false });
  if (!ended) stream.once("close", () => void source.destroy());
  const encoder = new TextEncoder();
  const pieces = chunks.map((chunk) => (typeof chunk === "string" ? encoder.encode(chunk) : chunk));
  return { bytes: bytesOf({ chunks: pieces }), stream };
}

async function lookWeb(source: ReadableStream<Uint8Array>, timer: Timer, ms: number): Promise<Looked> {
  const peeked = openBody(source);
  await peek(peeked, timer, ms);
  const bytes = bytesOf(peeked);
  const next = (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    const read = peeked.pending ?? peeked.reader.read();
    peeked.pending = null;
    return read;
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = peeked.chunks.shift() ?? (await next()).value;
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
      cancel: (reason) => peeked.reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { bytes, stream };
}

/** Lets go of a stream that nobody will read, so that its socket is free. */
export function drop(stream: Stream): void {
  if (isNodeStream(stream)) {
    stream.on("error", () => {});
    stream.destroy();
  } else if (!stream.locked) stream.cancel().catch(() => {});
}

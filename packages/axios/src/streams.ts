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

const LOOK_BYTES = 64 * 1024;

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
      for (let chunk; size < LOOK_BYTES && (chunk = source.read()) !== null; size += chunk.length) chunks.push(chunk);
      if (size >= LOOK_BYTES) stop();
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
  return { bytes: joined(chunks), stream };
}

async function lookWeb(source: ReadableStream<Uint8Array>, timer: Timer, ms: number): Promise<Looked> {
  const reader = source.getReader();
  const chunks: Uint8Array[] = [];
  let pending: Promise<ReadableStreamReadResult<Uint8Array>> | null = null;
  let wake!: () => void;
  const late = new Promise<void>((resolve) => (wake = resolve));
  const handle = timer.set(wake, ms);
  try {
    for (let size = 0; size < LOOK_BYTES;) {
      pending = reader.read();
      const result = await Promise.race([pending, late]);
      if (result === undefined || result.done) break;
      pending = null;
      chunks.push(result.value);
      size += result.value.byteLength;
    }
  } catch {
    // The next reader will meet the same error.
  } finally {
    timer.clear(handle);
  }
  pending?.catch(() => {});
  const bytes = joined(chunks);
  const next = (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    const read = pending ?? reader.read();
    pending = null;
    return read;
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = chunks.shift() ?? (await next()).value;
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { bytes, stream };
}

function joined(chunks: readonly (Uint8Array | string)[]): Uint8Array {
  const pieces = chunks.map((chunk) => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk));
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Lets go of a stream that nobody will read, so that its socket is free. */
export function drop(stream: Stream): void {
  if (isNodeStream(stream)) {
    stream.on("error", () => {});
    stream.destroy();
  } else if (!stream.locked) stream.cancel().catch(() => {});
}

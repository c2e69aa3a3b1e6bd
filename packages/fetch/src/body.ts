import type { Guard } from "@failwell/core";

/** The reader of a body, and what was already read of it. */
export interface Peeked {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly chunks: Uint8Array[];
  /** A read that had no answer in time: the next reader of the body waits for it. */
  pending: Promise<ReadableStreamReadResult<Uint8Array>> | null;
  done: boolean;
}

const PEEK_BYTES = 64 * 1024;
const PEEK_MS = 1000;

/**
 * Reads the beginning of a body: at most 64 KiB and 1 s, enough to classify an error. Never rejects: a body that breaks is
 * classified by what came.
 */
export async function peek(
  body: ReadableStream<Uint8Array>,
  timer: { set(wake: () => void, ms: number): unknown; clear(timer: unknown): void },
): Promise<Peeked> {
  const peeked: Peeked = { reader: body.getReader(), chunks: [], pending: null, done: false };
  let size = 0;
  let wake!: () => void;
  const late = new Promise<void>((resolve) => (wake = resolve));
  const handle = timer.set(wake, PEEK_MS);
  try {
    while (size < PEEK_BYTES) {
      peeked.pending = peeked.reader.read();
      const result = await Promise.race([peeked.pending, late]);
      if (result === undefined) break;
      peeked.pending = null;
      peeked.done = result.done;
      if (result.done) break;
      peeked.chunks.push(result.value);
      size += result.value.byteLength;
    }
  } catch {
    // The reader of the body will meet the same error.
  } finally {
    timer.clear(handle);
  }
  peeked.pending?.catch(() => {});
  return peeked;
}

/** What was peeked, in one piece. */
export function bytesOf({ chunks }: Peeked): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** Lets go of a body that nobody will read, so that its socket is free. */
export function drop(response: Response, peeked: Peeked | undefined): void {
  if (peeked !== undefined) peeked.reader.cancel().catch(() => {});
  else if (response.body?.locked === false) response.body.cancel().catch(() => {});
}

/**
 * Watches a body, however it is read: `idle` between two pieces, the deadline and the caller's signal over all. The
 * response stays the object it is, with its URL and its type.
 *
 * @param explain turns what broke the body into what its reader gets
 */
export function watchBody(
  response: Response,
  guard: Guard,
  peeked: Peeked | undefined,
  explain: (error: unknown) => unknown,
): void {
  const { body, headers } = response;
  let inner: Response | undefined;
  // The stream is opened by whoever reads first: until then nothing is locked.
  const open = (): Response => {
    if (inner === undefined) {
      const start = peeked ?? { reader: body!.getReader(), chunks: [], pending: null, done: false };
      inner = new Response(stream(start, guard, explain), { headers });
    }
    return inner;
  };
  const properties: PropertyDescriptorMap = {
    body: { get: () => open().body },
    bodyUsed: { get: () => inner?.bodyUsed ?? false },
    clone: { value: () => copy(response, open()) },
  };
  for (const method of ["text", "json", "arrayBuffer", "blob", "bytes", "formData"] as const) {
    // Node 20 and older browsers have no bytes().
    if (method in response) properties[method] = { value: () => open()[method]() };
  }
  for (const property of Object.values(properties)) property.configurable = true;
  Object.defineProperties(response, properties);
}

function stream(source: Peeked, guard: Guard, explain: (error: unknown) => unknown): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      try {
        for (;;) {
          let chunk = source.chunks.shift();
          if (chunk === undefined && !source.done) {
            const read = source.pending ?? source.reader.read();
            source.pending = null;
            const { done, value } = await guard.read(read);
            source.done = done;
            chunk = value;
          }
          if (chunk === undefined) break;
          // A byte stream takes no empty chunk, and detaches what it takes.
          if (chunk.byteLength > 0) return controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
        }
        guard.release();
        controller.close();
        controller.byobRequest?.respond(0);
      } catch (error) {
        guard.release();
        source.reader.cancel(error).catch(() => {});
        throw explain(error);
      }
    },
    cancel(reason) {
      guard.release();
      return source.reader.cancel(reason);
    },
  });
}

/** A clone keeps what the constructor of Response cannot set. */
function copy(response: Response, inner: Response): Response {
  const { status, statusText, headers, url, redirected, type } = response;
  const twin = new Response(inner.clone().body, { status, statusText, headers });
  for (const [name, value] of Object.entries({ url, redirected, type })) Object.defineProperty(twin, name, { value });
  return twin;
}

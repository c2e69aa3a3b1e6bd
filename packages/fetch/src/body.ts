import { attemptsOf, type Guard, remember } from "@failwell/core";

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

/** Who watches a body, and tells its reader what broke it. */
export interface Watcher {
  readonly guard: Guard;
  explain(error: unknown): unknown;
  /** What broke the body, in the words of `explain`. */
  failure?: unknown;
}

interface Watch {
  readonly watcher: Watcher;
  readonly peeked: Peeked | undefined;
  /** Stands in for the response once its body is read through a stream of ours. */
  inner: Response | undefined;
}

const watches: WeakMap<Response, Watch> = /* @__PURE__ */ new WeakMap();

/**
 * Watches a body, however it is read: `idle` between two pieces, the deadline and the caller's signal over all. The
 * response stays the object it is, with its URL and its type.
 *
 * A prototype of its own costs less than a property per method and response.
 */
export function watchBody(response: Response, watcher: Watcher, peeked?: Peeked, inner?: Response): void {
  watches.set(response, { watcher, peeked, inner });
  Object.setPrototypeOf(response, watched(Object.getPrototypeOf(response) as Response));
}

/** The prototypes of watched responses, by those of the platform and of other copies of fetch. */
const prototypes: WeakMap<Response, Response> = /* @__PURE__ */ new WeakMap();

function watched(native: Response): Response {
  const known = prototypes.get(native);
  if (known !== undefined) return known;
  const own: PropertyDescriptorMap = {
    body: {
      get(this: Response) {
        return isRead(this, native) ? Reflect.get(native, "body", this) : open(this, native).body;
      },
    },
    bodyUsed: {
      get(this: Response) {
        return watches.get(this)!.inner?.bodyUsed ?? isRead(this, native);
      },
    },
    clone: {
      value(this: Response) {
        return copy(this, open(this, native));
      },
    },
  };
  for (const method of ["text", "json", "arrayBuffer", "blob", "bytes", "formData"] as const) {
    // Older browsers have no bytes().
    if (!(method in native)) continue;
    own[method] = {
      value(this: Response) {
        const { watcher, peeked, inner } = watches.get(this)!;
        // Where the transport tells of every piece, the platform may read as fast as it can.
        if (inner === undefined && peeked === undefined && watcher.guard.informed) {
          return finish(watcher, native[method].call(this) as Promise<unknown>);
        }
        const reader = open(this, native);
        return reader[method]().catch((error: unknown) => {
          // Chromium puts an error of its own in the place of the stream's.
          throw watcher.failure ?? error;
        });
      },
    };
  }
  const prototype = Object.create(native, own) as Response;
  prototypes.set(native, prototype);
  return prototype;
}

/** Did the platform read the body for the caller? What we peeked does not count. */
function isRead(response: Response, native: Response): boolean {
  const { inner, peeked } = watches.get(response)!;
  return inner === undefined && peeked === undefined && Reflect.get<Response, "bodyUsed">(native, "bodyUsed", response);
}

/** The stream is opened by whoever reads first: until then nothing is locked. */
function open(response: Response, native: Response): Response {
  const watch = watches.get(response)!;
  if (watch.inner === undefined) {
    const body = Reflect.get(native, "body", response) as ReadableStream<Uint8Array>;
    const source = watch.peeked ?? { reader: body.getReader(), chunks: [], pending: null, done: false };
    watch.inner = new Response(stream(source, watch.watcher), { headers: response.headers });
  }
  return watch.inner;
}

async function finish<T>(watcher: Watcher, work: Promise<T>): Promise<T> {
  const { guard } = watcher;
  try {
    return await guard.read(work);
  } catch (error) {
    throw watcher.explain(error);
  } finally {
    guard.release();
  }
}

/** Bytes, as the platform's own bodies are, where it has such streams: Safari before 26 has not. */
const BYTES: { type: "bytes" } = ("ReadableByteStreamController" in globalThis ? { type: "bytes" } : {}) as never;

function stream(source: Peeked, watcher: Watcher): ReadableStream<Uint8Array> {
  const { guard } = watcher;
  return new ReadableStream({
    ...BYTES,
    async pull(controller: ReadableByteStreamController) {
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
        throw (watcher.failure = watcher.explain(error));
      }
    },
    cancel(reason) {
      guard.release();
      return source.reader.cancel(reason);
    },
  });
}

/** A clone keeps what the constructor of Response cannot set, and is watched like its original. */
function copy(response: Response, inner: Response): Response {
  const { status, statusText, headers, url, redirected, type } = response;
  const twin = new Response(null, { status, statusText, headers });
  for (const [name, value] of Object.entries({ url, redirected, type })) Object.defineProperty(twin, name, { value });
  const { watcher } = watches.get(response)!;
  watchBody(twin, watcher, undefined, inner.clone());
  remember(twin, attemptsOf(response));
  return twin;
}

import { attemptsOf, bytesOf, type Guard, openBody, type Peeked, remember } from "@failwell/core";

/** A body that nobody has touched, and that is a stream of the platform: node-fetch has others. */
export function freshBody(response: Response): ReadableStream<Uint8Array> | null {
  const { body } = response;
  return body === null || response.bodyUsed || body.locked || typeof body.getReader !== "function" ? null : body;
}

/** Reads a whole body, while somebody watches: silence between two pieces, the deadline and an abort end the watch. */
export async function readWhole(peeked: Peeked, guard: Guard): Promise<void> {
  await Promise.resolve(); // until it is watched
  guard.answered();
  while (!peeked.done) {
    const { done, value } = await peeked.reader.read();
    guard.received();
    peeked.done = done;
    if (value !== undefined && value.byteLength > 0) peeked.chunks.push(value);
  }
}

/** Lets go of a body that nobody will read, so that its socket is free. */
export function drop(response: Response, peeked: Peeked | undefined): void {
  if (peeked !== undefined) {
    // What was read whole is not cancelled: a double may give the same response again.
    if (!peeked.done) peeked.reader.cancel().catch(() => {});
  } else
    freshBody(response)
      ?.cancel()
      .catch(() => {});
}

/** Who watches a body, and tells its reader what broke it. */
export interface Watcher {
  readonly guard: Guard;
  explain(error: unknown): unknown;
  /** What broke the body, in the words of `explain`. */
  failure?: unknown;
}

/** A response of which a part was read, whole again: the same in everything that can be seen of it. */
export function replay(
  response: Response,
  peeked: Peeked,
  watcher: Watcher,
  headers?: Readonly<Record<string, string>>,
): Response {
  const { guard } = watcher;
  const body = stream(peeked, watcher);
  const twin = dressed(response, body, headers);
  // Whoever has the stream alone still reads it.
  if (!peeked.done) {
    forgotten.register(body, () => {
      guard.release();
      peeked.reader.cancel().catch(() => {});
    });
  }
  return twin;
}

const wholes: WeakMap<Response, Uint8Array> = /* @__PURE__ */ new WeakMap();

/** Keeps a body that came whole, for a host that needs it twice; the response is told afterwards. */
export function keepWhole(peeked: Peeked): (response: Response) => void {
  // A copy: whoever reads a stream of bytes takes them away.
  const bytes = bytesOf(peeked).slice();
  return (response) => void wholes.set(response, bytes);
}

/** The same response unread, where its body was small enough to be looked into as a whole; else `null`. */
export function unread(response: Response): Response | null {
  const bytes = wholes.get(response);
  return bytes === undefined ? null : dressed(response, new Blob([bytes as BlobPart]).stream());
}

/** A response like another one, around another body. Its URL and its type cannot be given to a constructor. */
export function dressed(
  response: Response,
  body: ReadableStream<Uint8Array> | null,
  more: Readonly<Record<string, string>> = {},
): Response {
  const { status, statusText, headers, url, redirected, type } = response;
  // What a server may say and a constructor refuses, such as a reason in another script, is put on afterwards.
  const twin = new Response(body, { headers });
  for (const [name, value] of Object.entries(more)) twin.headers.set(name, value);
  const clone = (): Response => cloneOf(twin, Response.prototype.clone.call(twin).body);
  for (const [name, value] of Object.entries({ url, redirected, type, clone, status, statusText, ok: response.ok })) {
    Object.defineProperty(twin, name, { ...METHOD, value });
  }
  return twin;
}

function cloneOf(response: Response, body: ReadableStream<Uint8Array> | null): Response {
  const twin = dressed(response, body);
  remember(twin, attemptsOf(response));
  return twin;
}

interface Watch {
  readonly watcher: Watcher;
  /** Stands in for the response once its body is read through a stream of ours. */
  inner: Response | undefined;
}

/** Responses of one class, watched: a fetch around a fetch of ours watches what is watched already. */
interface Layer {
  readonly depth: number;
  readonly native: Response;
  readonly prototype: Response;
  readonly watches: WeakMap<Response, Watch>;
}

/** A double that gives one response again and again is not wrapped without end. */
const MAX_DEPTH = 4;

const depths: WeakMap<Response, number> = /* @__PURE__ */ new WeakMap();

/** By the prototype that was there before. */
const layers: WeakMap<Response, Layer> = /* @__PURE__ */ new WeakMap();

/** When nobody has a response any more, nobody waits for its body. */
const forgotten: FinalizationRegistry<() => void> = /* @__PURE__ */ new FinalizationRegistry((release) => release());

/**
 * Watches a body, however it is read: `idle` between two pieces, the deadline and the caller's signal over all. The
 * response stays the object it is.
 *
 * A prototype of its own costs less than a property per method and response.
 *
 * @returns `false` when it is not watched, because it is by too many already
 */
export function watchBody(response: Response, watcher: Watcher): boolean {
  const native = Object.getPrototypeOf(response) as Response;
  const layer = layers.get(native) ?? layerOver(native);
  if (layer.depth > MAX_DEPTH) return false;
  layer.watches.set(response, { watcher, inner: undefined });
  Object.setPrototypeOf(response, layer.prototype);
  const { guard } = watcher;
  forgotten.register(response, () => guard.release());
  return true;
}

/** As those of the platform: a client may put a method of its own in the place of one, as ky does for `parseJson`. */
const METHOD: PropertyDescriptor = { writable: true, configurable: true };

function layerOver(native: Response): Layer {
  const watches: Layer["watches"] = new WeakMap();
  const own: PropertyDescriptorMap = {
    body: {
      get(this: Response) {
        return isRead(layer, this) ? Reflect.get(native, "body", this) : open(layer, this).body;
      },
    },
    bodyUsed: {
      get(this: Response) {
        return watches.get(this)!.inner?.bodyUsed ?? isRead(layer, this);
      },
    },
    clone: {
      ...METHOD,
      value(this: Response) {
        return cloneOf(this, open(layer, this).clone().body);
      },
    },
  };
  for (const method of ["text", "json", "arrayBuffer", "blob", "bytes", "formData"] as const) {
    // Older browsers have no bytes().
    if (!(method in native)) continue;
    own[method] = {
      ...METHOD,
      async value(this: Response) {
        const { watcher, inner } = watches.get(this)!;
        if (inner !== undefined) return told(watcher, inner[method]());
        // Whoever reads a second time is refused by the platform, and disturbs nobody.
        if (isRead(layer, this) || Reflect.get(native, "body", this)?.locked) return native[method].call(this);
        // Where the transport tells of every piece, the platform may read as fast as it can.
        if (watcher.guard.informed) return finish(watcher, native[method].call(this) as Promise<unknown>);
        return told(watcher, open(layer, this)[method]());
      },
    };
  }
  const layer: Layer = {
    native,
    watches,
    prototype: Object.create(native, own) as Response,
    depth: (depths.get(native) ?? 0) + 1,
  };
  layers.set(native, layer);
  depths.set(layer.prototype, layer.depth);
  return layer;
}

/** Did the platform read the body for the caller? */
function isRead({ native, watches }: Layer, response: Response): boolean {
  return watches.get(response)!.inner === undefined && Reflect.get<Response, "bodyUsed">(native, "bodyUsed", response);
}

/** The stream is opened by whoever reads first: until then nothing is locked. */
function open({ native, watches }: Layer, response: Response): Response {
  const watch = watches.get(response)!;
  if (watch.inner === undefined) {
    const body = Reflect.get(native, "body", response) as ReadableStream<Uint8Array>;
    watch.inner = new Response(stream(openBody(body), watch.watcher), { headers: response.headers });
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

/** Chromium puts an error of its own in the place of the stream's. */
function told<T>(watcher: Watcher, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw watcher.failure ?? error;
  });
}

/** Bytes, as the platform's own bodies are, where it has such streams: Safari before 26 has not. */
const BYTES: { type: "bytes" } = ("ReadableByteStreamController" in globalThis ? { type: "bytes" } : {}) as never;

function stream(source: Peeked, watcher: Watcher): ReadableStream<Uint8Array> {
  const { guard } = watcher;
  return new ReadableStream({
    // A stream of bytes takes the memory of what it is given: only the platform's own pieces are ours to give.
    ...(guard.informed ? BYTES : {}),
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
          // A stream of bytes takes no empty piece.
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
  } as UnderlyingByteSource);
}

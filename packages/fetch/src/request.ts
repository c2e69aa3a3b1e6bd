import { type HttpRequest, isIdempotent, keyFor, repetitionsIn } from "@failwell/core";
import type { FetchPolicy, Input, ResilientInit } from "./policy.ts";

/** What is sent, the same on every attempt. */
export interface Prepared extends HttpRequest {
  /** The caller's own. */
  readonly signal: AbortSignal | null;
  /** Read the body of a success inside the attempt. */
  readonly whole: boolean;
  /** The first argument of fetch for this attempt; a Request is cloned as long as another attempt may follow. */
  input(number: number): Input;
  /** The second argument of fetch for this attempt, without signal: ours to change. */
  init(): RequestInit;
  /** A stream that is to be read into memory first, if it is not larger than the policy says. */
  readonly stream: { readonly body: ReadableStream<Uint8Array>; readonly limit: number } | null;
  /** The second argument of fetch with another body. */
  with(body: BodyInit): RequestInit;
}

/**
 * Reads what the caller passed. What the caller changes in it afterwards changes nothing.
 *
 * @param maxAttempts with 1 the caller's own objects are sent as they are
 * @param streams the body of the Request is a stream
 */
export function prepare(
  input: Input,
  init: ResilientInit,
  policy: FetchPolicy,
  maxAttempts: number,
  streams = false,
): Prepared {
  if (inherits(init, "method") || inherits(init, "headers") || inherits(init, "body")) {
    // A Request as the second argument: what it has is not its own, and would be lost on the way.
    const { policy: own, whole: all } = init;
    const whole = new Request(input, init as RequestInit);
    return prepare(whole, { ...(own && { policy: own }), ...(all && { whole: all }) }, policy, maxAttempts, streams);
  }
  const base = typeof input === "object" && "headers" in input ? input : null;
  const method = (init.method ?? base?.method ?? "GET").toUpperCase();
  // A URL may be changed while an attempt waits.
  const target = base ?? String(input);
  const url = parse(base === null ? (target as string) : base.url);
  const idempotent = isIdempotent(method);
  let headers: HeadersInit | undefined = init.headers ?? base?.headers;
  let idempotencyKey: string | null = null;
  let isKeyRandom = false;
  if (!idempotent) {
    const own = new Headers(headers);
    // An empty one is none.
    const given = own.get("idempotency-key") || null;
    idempotencyKey =
      given ?? keyFor(policy.idempotencyKey, () => ({ method, url: url?.href ?? "", headers: own })) ?? null;
    isKeyRandom = given === null && policy.idempotencyKey === true;
    if (idempotencyKey !== null) own.set("idempotency-key", idempotencyKey);
    headers = own;
  } else if (headers !== undefined && maxAttempts > 1) {
    headers = isIterable(headers) ? new Headers(headers) : { ...(headers as Record<string, string>) };
  }

  const { policy: _policy, whole = false, body, ...rest } = init;
  if (headers !== undefined && headers !== base?.headers) rest.headers = headers;
  const shared = {
    method,
    url,
    idempotent,
    idempotencyKey,
    isKeyRandom,
    repeated: repetitionsIn(headers),
    signal: init.signal === undefined ? (base?.signal ?? null) : init.signal,
    whole,
    headers: () => new Headers(headers),
    stream: null,
    input: () => target,
    with: (other: BodyInit) => withBody(rest, other),
  };

  if (typeof body === "function") return { ...shared, replayable: true, init: () => withBody(rest, body()) };
  const once = isStream(body) ? body : streams && body === undefined ? base?.body : null;
  if (once) {
    const limit = policy.bufferBody ?? 0;
    return {
      ...shared,
      replayable: false,
      stream: limit > 0 ? { body: once, limit } : null,
      init: () => withBody(rest, body),
    };
  }
  const again = maxAttempts > 1;
  if (again && base?.body && body === undefined) {
    return {
      ...shared,
      replayable: true,
      input: (number) => (number < maxAttempts ? base.clone() : base),
      init: () => ({ ...rest }),
    };
  }
  const sent = again ? snapshot(body) : body;
  return { ...shared, replayable: true, init: () => withBody(rest, sent) };
}

function inherits(init: ResilientInit, name: string): boolean {
  return name in init && !Object.hasOwn(init, name);
}

/** What a body is now, whatever becomes of it. Text and blobs cannot change. */
function snapshot(body: BodyInit | null | undefined): BodyInit | null | undefined {
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!isForm(body)) return body;
  // Of the caller's own kind: another copy of fetch knows only its own forms.
  const copy = new (body.constructor as typeof FormData)();
  for (const [name, value] of body) {
    if (typeof value === "string") copy.append(name, value);
    else copy.append(name, value, value.name);
  }
  return copy;
}

function isForm(body: unknown): body is FormData & Iterable<[string, FormDataEntryValue]> {
  return Object.prototype.toString.call(body) === "[object FormData]";
}

/** Does this body have to be read into memory to be sent again? */
export function isStream(body: ResilientInit["body"]): body is ReadableStream<Uint8Array> {
  return typeof body === "object" && body !== null && (Symbol.asyncIterator in body || body instanceof ReadableStream);
}

/**
 * Reads a stream into memory.
 *
 * @returns the bytes, or, when there are more than `limit`, a stream of the same bytes that can be read once
 */
export async function buffer(
  { body, limit }: { readonly body: ReadableStream<Uint8Array>; readonly limit: number },
  signal: AbortSignal,
): Promise<BodyInit> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const iterator = iterate(body);
  const next = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await iterator.next();
    if (done) return undefined;
    return typeof value === "string" ? new TextEncoder().encode(value) : value;
  };
  // A source that cannot be closed is nothing that the caller of fetch waits for.
  const leave = (reason: unknown): void => void iterator.return?.(reason).catch(() => {});
  const aborted = (): void => leave(signal.reason);
  signal.addEventListener("abort", aborted, { once: true });
  while (size <= limit) {
    const chunk = await next();
    if (chunk === undefined) return new Blob(chunks as BlobPart[]).arrayBuffer();
    chunks.push(chunk);
    size += chunk.byteLength;
  }
  signal.removeEventListener("abort", aborted);
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks.shift() ?? (await next());
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel: leave,
  });
}

function withBody(init: Omit<RequestInit, "body">, body: BodyInit | null | undefined): RequestInit {
  if (body === undefined) return { ...init };
  // A stream can only be sent half duplex (Fetch standard), and not everybody who makes one in a function knows.
  return isStream(body) ? ({ duplex: "half", ...init, body } as RequestInit) : { ...init, body };
}

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** Most calls of an application go to few addresses. */
let known: { readonly text: string; readonly url: URL } | undefined;

function parse(text: string): URL | null {
  if (known?.text === text) return known.url;
  try {
    const url = new URL(text, globalThis.location?.href);
    // Relative ones change their meaning with the page.
    if (/^https?:/.test(text)) known = { text, url };
    return url;
  } catch {
    return null;
  }
}

/** Safari's streams cannot be iterated. */
function iterate(
  stream: Partial<AsyncIterable<Uint8Array>> & Pick<ReadableStream<Uint8Array>, "getReader">,
): AsyncIterator<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]?.();
  if (iterator !== undefined) return iterator;
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
    return: (reason) => reader.cancel(reason).then(() => ({ done: true, value: undefined })),
  };
}

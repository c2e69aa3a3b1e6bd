import type { FetchPolicy, Input, ResilientInit } from "./policy.ts";

/** What is sent, the same on every attempt. */
export interface Prepared {
  readonly method: string;
  /** `null` when the URL is not valid: fetch will say so. */
  readonly url: URL | null;
  /** Sending it twice does what sending it once does (RFC 9110 §9.2.2). */
  readonly idempotent: boolean;
  readonly keyed: boolean;
  readonly replayable: boolean;
  /** The caller's own. */
  readonly signal: AbortSignal | null;
  readonly headers: HeadersInit | undefined;
  /** The first argument of fetch for this attempt; a Request is cloned as long as another attempt may follow. */
  input(number: number): Input;
  /** The second argument of fetch for this attempt, without signal: ours to change. */
  init(): RequestInit;
}

// RFC 9110 §9.2.2 and, for QUERY, draft-ietf-httpbis-safe-method-w-body.
const IDEMPOTENT = /^(GET|HEAD|OPTIONS|PUT|DELETE|TRACE|QUERY)$/;

/**
 * Reads what the caller passed. What the caller changes in it afterwards changes nothing.
 *
 * @param maxAttempts with 1 the caller's own objects are sent as they are
 */
export function prepare(input: Input, init: ResilientInit, policy: FetchPolicy, maxAttempts: number): Prepared {
  const base = typeof input === "object" && "headers" in input ? input : null;
  const method = (init.method ?? base?.method ?? "GET").toUpperCase();
  const url = parse(base === null ? String(input) : base.url);
  const idempotent = IDEMPOTENT.test(method);
  let headers: HeadersInit | undefined = init.headers ?? base?.headers;
  let keyed = false;
  if (!idempotent) {
    const own = new Headers(headers);
    keyed = own.has("idempotency-key");
    const key = keyed ? undefined : keyFor(policy.idempotencyKey, method, url, own);
    if (key !== undefined) {
      own.set("idempotency-key", key);
      keyed = true;
    }
    headers = own;
  } else if (init.headers !== undefined && maxAttempts > 1) {
    headers = isIterable(headers) ? new Headers(headers) : { ...(headers as Record<string, string>) };
  }

  const { policy: _policy, body, ...rest } = init;
  if (headers !== undefined && headers !== base?.headers) rest.headers = headers;
  const common = {
    method,
    url,
    idempotent,
    keyed,
    signal: init.signal === undefined ? (base?.signal ?? null) : init.signal,
    headers,
  };

  if (typeof body === "function") {
    return { ...common, replayable: true, input: () => input, init: () => withBody(rest, body()) };
  }
  if (isStream(body)) return { ...common, replayable: false, input: () => input, init: () => withBody(rest, body) };
  // Bytes, forms and blobs can change between attempts, and a Request can be read only once: one Request is built, and cloned.
  const mutable = typeof body === "object" && body !== null;
  if (maxAttempts > 1 && (mutable || (base?.body && body === undefined))) {
    const request = mutable ? new Request(input, withBody(rest, body)) : base!;
    const { method: _method, headers: _headers, ...other } = rest;
    return {
      ...common,
      replayable: true,
      input: (number) => (number < maxAttempts ? request.clone() : request),
      init: () => (mutable ? other : rest),
    };
  }
  return { ...common, replayable: true, input: () => input, init: () => withBody(rest, body as string | undefined) };
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
export async function buffer(stream: ReadableStream<Uint8Array>, limit: number): Promise<BodyInit> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const iterator = iterate(stream);
  for (;;) {
    const { done, value } = await iterator.next();
    if (done) return new Blob(chunks as BlobPart[]).arrayBuffer();
    const chunk = typeof value === "string" ? new TextEncoder().encode(value) : value;
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > limit) break;
  }
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks.shift();
      if (chunk !== undefined) return controller.enqueue(chunk);
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => void iterator.return?.(reason),
  });
}

function withBody(init: Omit<RequestInit, "body">, body: BodyInit | null | undefined): RequestInit {
  if (body === undefined) return { ...init };
  // A stream can only be sent half duplex (Fetch standard), and not everybody who makes one in a function knows.
  return isStream(body) ? ({ duplex: "half", ...init, body } as RequestInit) : { ...init, body };
}

function keyFor(
  rule: FetchPolicy["idempotencyKey"],
  method: string,
  url: URL | null,
  headers: Headers,
): string | undefined {
  if (rule === undefined || rule === false) return undefined;
  if (rule === true) return crypto.randomUUID();
  return typeof rule === "string" ? rule : rule({ method, url: url?.href ?? "", headers });
}

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function parse(url: string): URL | null {
  try {
    return new URL(url, globalThis.location?.href);
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
  return { next: () => reader.read() as Promise<IteratorResult<Uint8Array>> };
}

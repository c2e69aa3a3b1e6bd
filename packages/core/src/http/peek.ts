/** The reader of a body, and what was already read of it. */
export interface Peeked {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly chunks: Uint8Array[];
  /** A read that had no answer in time: the next reader of the body waits for it. */
  pending: Promise<ReadableStreamReadResult<Uint8Array>> | null;
  done: boolean;
}

/** Longest look into a body, in bytes. */
export const PEEK_BYTES: number = 64 * 1024;
const PEEK_READS = 10_000;

/** Longest look into a body, in ms. */
export const PEEK_MS: number = 1000;

/** Begins to read a body. */
export function openBody(body: ReadableStream<Uint8Array>): Peeked {
  return { reader: body.getReader(), chunks: [], pending: null, done: false };
}

/**
 * Reads the beginning of a body: at most 64 KiB and `ms`, enough to classify an error. Never rejects: a body that breaks
 * is classified by what came.
 */
export async function peek(
  peeked: Peeked,
  timer: { set(wake: () => void, ms: number): unknown; clear(timer: unknown): void },
  ms: number = PEEK_MS,
): Promise<void> {
  let size = 0;
  let wake!: () => void;
  const late = new Promise<void>((resolve) => (wake = resolve));
  const handle = timer.set(wake, ms);
  try {
    // Empty pieces, which are allowed, must not keep it busy for ever.
    for (let reads = 0; size < PEEK_BYTES && reads < PEEK_READS; reads++) {
      peeked.pending = peeked.reader.read();
      const result = await Promise.race([peeked.pending, late]);
      if (result === undefined) break;
      peeked.pending = null;
      peeked.done = result.done;
      if (result.done) break;
      if (result.value.byteLength > 0) peeked.chunks.push(result.value);
      size += result.value.byteLength;
    }
  } catch {
    // The reader of the body will meet the same error.
  } finally {
    timer.clear(handle);
  }
  peeked.pending?.catch(() => {});
}

/** What was peeked, in one piece. */
export function bytesOf({ chunks }: { readonly chunks: readonly Uint8Array[] }): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

import type { KyInstance, Options } from "ky";

/** What ky itself does without retries and timers: what is compared is everything else. */
export const still: Options = { retry: 0, timeout: false };

/** An ordinary request, made with ky and with a resilient one. */
export interface Case {
  readonly name: string;
  /** One call; what it comes to is compared. */
  readonly call: (api: KyInstance, url: string) => unknown;
  /** Of the instance. */
  readonly options?: (url: string) => Options;
  /** It fails: what is retried is not compared. */
  readonly fails?: true;
  readonly only?: 1 | 2;
}

export const bytes: Uint8Array<ArrayBuffer> = new Uint8Array([0, 1, 2, 250, 255]);

export function stream(...pieces: string[]): ReadableStream<Uint8Array> {
  return new Blob(pieces).stream();
}

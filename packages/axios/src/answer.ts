import { type Clock, type Guard, PEEK_BYTES, PEEK_MS } from "@failwell/core";
import type { AxiosError, AxiosResponse } from "axios";
import type { Head, Hear } from "./heads.ts";
import { isStream, look } from "./streams.ts";

/** The error that `validateStatus` makes of an answer. */
export type Refusal = AxiosError & { response: AxiosResponse };

/** An answer, its body read, but for a stream. */
export type Whole = AxiosResponse | Refusal;

/** What an attempt comes to when a server answered. */
export type Answer = Whole | Early;

/** An error whose body axios is still reading after a second, or cannot read: enough is known to make another attempt. */
export class Early {
  readonly head: Head;
  readonly status: number;
  readonly headers: Head["headers"];
  readonly data: null = null;
  readonly whole: Promise<Whole>;

  constructor(head: Head, whole: Promise<Whole>) {
    this.head = head;
    this.status = head.status;
    this.headers = head.headers;
    this.whole = whole;
  }
}

/** Waits for an answer, or for a second when it is an error: one that never ends must not block a retry. */
export function inTime(send: (hear: Hear) => Promise<Whole>, guard: Guard, clock: Clock): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let timer: unknown;
    const clear = (): void => {
      if (timer !== undefined) clock.clear(timer);
    };
    let failed: Head | null = null;
    const whole = send((head) => {
      clear();
      failed = head.status >= 400 ? head : null;
      if (failed !== null) timer = clock.set(() => resolve(new Early(head, whole)), patience(guard), true);
    });
    whole.then(
      (answer) => {
        clear();
        resolve(answer);
      },
      (error: Error) => {
        clear();
        // Its body broke off: it is that error all the same.
        if (failed !== null && guard.over === null) resolve(new Early(failed, whole));
        else reject(error);
      },
    );
  });
}

/** The deadline must find an answer, not the look into it. */
function patience(guard: Guard): number {
  return Math.min(PEEK_MS, guard.remaining() / 2);
}

/** What of an answer a verdict is made from. */
export function responseOf(answer: Answer): AxiosResponse | Early {
  return answer instanceof Error ? answer.response : answer;
}

/** Is the body still to be read? */
export function isUnread(response: AxiosResponse | Early): response is AxiosResponse {
  return isStream(response.data);
}

type Body = string | Uint8Array | object | null;

/** What the body of an error says, as far as it needs to be known; a stream in it stays readable. */
export function bodyOf(response: AxiosResponse | Early, guard: Guard, clock: Clock): Body | Promise<Body> {
  const data: unknown = response.data;
  if (isStream(data)) {
    return look(data, clock, patience(guard)).then(({ bytes, stream }) => {
      (response as AxiosResponse).data = stream;
      return bytes;
    });
  }
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (data instanceof Blob)
    return data
      .slice(0, PEEK_BYTES)
      .arrayBuffer()
      .then((bytes) => new Uint8Array(bytes));
  return data ?? null;
}

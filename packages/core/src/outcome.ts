/** Response headers in any of the shapes clients hand around. Names are read case-insensitively. */
export type HeadersLike =
  | { get(name: string): string | null; forEach(visit: (value: string, name: string) => void): void }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** An answer, raw as it came. */
export interface AnsweredOutcome {
  readonly status: number;
  readonly headers?: HeadersLike | undefined;
  /** Text, bytes, or a value that was already parsed. */
  readonly body?: string | Uint8Array | object | null | undefined;
}

/** Anything that was thrown instead of an answer: an Error of any runtime or library, or any other value. */
export interface ThrownOutcome {
  readonly error: unknown;
}

/** What became of one attempt. */
export type Outcome = AnsweredOutcome | ThrownOutcome;

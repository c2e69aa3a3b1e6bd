import type { Kind } from "../catalog/kinds.ts";
import type { Dialect } from "./dialect.ts";
import type { AnsweredOutcome } from "../outcome.ts";
import type { HeaderMap } from "./headers.ts";

/** What was decided, and by which evidence. `retryable: undefined`: as the kind says. */
export interface Judgement {
  readonly kind: Kind;
  readonly retryable?: boolean | undefined;
  readonly evidence: string;
}

/** An answer while it is read: what came, and what was found in it so far. */
export interface Reading {
  readonly status: number;
  readonly headers: HeaderMap;
  /** Whose answer the caller says it is. */
  readonly provider: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The body, or its first 64 KiB; empty when it came parsed. */
  readonly text: string;
  /** `none`, `json`, `text`, `markup`, or what a reader found it to be. */
  format: string;
  /** What was found in the body, in order of arrival: one for JSON, one per event, one per line. */
  documents: readonly unknown[];
  /** What of the body is the error, whatever the status; `undefined` while nobody knows. */
  part: unknown;
  /** What it is if nothing else tells. */
  otherwise: Judgement | null;
  /** Whom the caller named. */
  asked: Dialect | undefined;
  /** Whose words it speaks. */
  dialect: Dialect | undefined;
  /** Machine codes as they came, the most specific one first. */
  readonly codes: string[];
  /** Further words that tell what a code means, and are none. */
  readonly hints: string[];
  /** The objects of the error, innermost first. */
  readonly objects: object[];
  message: string | null;
  requestId: string | null;
  /** The status that counts: that of the answer, or one that the body names; 0 for none. */
  meant: number;
  /** The server's own word on retrying. */
  word: { readonly retryable: boolean; readonly evidence: string } | null;
  /** Is somebody on the way at fault, not the provider? */
  gateway: boolean;
}

/**
 * Reads more of an answer than status, JSON and `Retry-After`. Every reader may do any of this, in the order given; all
 * readers listed take each step before the next one begins.
 */
export interface Reader {
  /** Of something thrown: the answer that it carries. */
  readonly answerIn?: (error: unknown) => AnsweredOutcome | null;
  /** First: finds the documents in a body that is no JSON, and who speaks. */
  readonly open?: (reading: Reading) => void;
  /** The part of a document that is an error although the status says success; `null` when it is none. */
  readonly failureIn?: (document: unknown, reading: Reading) => unknown;
  /** Takes codes, hints and ids from an object of the error; called from the inside out. */
  readonly gather?: (of: object, reading: Reading) => void;
  /** Takes what stands beside the body: in headers, in the message. */
  readonly close?: (reading: Reading) => void;
  /** Decides what it means; `usual` is what the status alone says. */
  readonly weigh?: (reading: Reading, usual: Judgement | null) => Judgement | null;
  /** Milliseconds the server asks to wait, zero and negative for none; `null` when it does not say. */
  readonly waitIn?: (reading: Reading) => number | null;
}

/** Readers by what they do. */
export type Steps = { readonly [Step in keyof Reader]-?: readonly NonNullable<Reader[Step]>[] };

const steps = ["answerIn", "open", "failureIn", "gather", "close", "weigh", "waitIn"] as const;

/** Sorts readers by what they do. */
export function stepsOf(readers: readonly Reader[]): Steps {
  return Object.fromEntries(
    steps.map((step) => [step, readers.flatMap((reader) => reader[step] ?? [])]),
  ) as unknown as Steps;
}

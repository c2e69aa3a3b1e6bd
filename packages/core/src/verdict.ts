import type { Fault, Kind } from "./catalog/kinds.ts";

/**
 * How far the request got.
 * - `unsent`: it never reached a server (refused, DNS, connect timeout, TLS), so nothing was executed
 * - `unanswered`: bytes may have been sent and no complete answer came, so it may have been executed
 * - `answered`: a server answered
 */
export type Phase = "unsent" | "unanswered" | "answered";

/** What one outcome means. */
export interface Verdict {
  readonly kind: Kind;
  readonly fault: Fault;
  /** Normalised: what a server built on Failwell would answer. */
  readonly status: number;
  /** Could the same request succeed later? Says nothing about replay safety: `decide` does. */
  readonly retryable: boolean;
  /** The server's hint in ms; `null` when not retryable, absent, past or unreadable. Not capped. */
  readonly retryAfterMs: number | null;
  readonly phase: Phase;
  /** From the catalog, for people. */
  readonly meaning: string;
  /** From the catalog, for people. */
  readonly action: string;
  /** Whose dialect spoke. */
  readonly provider: string | null;
  /** Raw, for logs only. Holds what must not leave: redact before showing. */
  readonly upstream: {
    readonly status: number | null;
    readonly code: string | null;
    readonly message: string | null;
    readonly requestId: string | null;
  };
  /** Which rule decided, e.g. `header x-should-retry`, `openai code insufficient_quota`, `status 503`. */
  readonly evidence: string;
}

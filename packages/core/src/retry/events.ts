import type { Attempt } from "./attempt.ts";
import type { StopReason } from "./decide.ts";
import type { Verdict } from "../verdict.ts";

/** Something that happened. */
export type Fact =
  | { readonly type: "attemptFailed"; readonly attempt: number; readonly elapsedMs: number; readonly verdict: Verdict }
  /** Comes before the wait, so that a log shows the failure when it happens. `attempt` is the coming one. */
  | { readonly type: "retryScheduled"; readonly attempt: number; readonly waitMs: number; readonly cause: Verdict }
  /** The cool-down gate holds the attempt back. */
  | { readonly type: "coolingDown"; readonly attempt: number; readonly waitMs: number }
  | { readonly type: "succeeded"; readonly attempts: readonly Attempt[]; readonly elapsedMs: number }
  | {
      readonly type: "gaveUp";
      readonly reason: StopReason;
      readonly attempts: readonly Attempt[];
      readonly elapsedMs: number;
      /** `null` when the caller aborted, and when the error was not of the network. */
      readonly verdict: Verdict | null;
      readonly retryAfterMs: number | null;
    }
  /** A budget, breaker or cool-down failed or took too long: the call went on without it. */
  | { readonly type: "portFailed"; readonly port: "budget" | "breaker" | "cooldown"; readonly fault: unknown }
  /** What a request did was looked up before it is sent again, and found `done`, `absent` or `unknown`. */
  | {
      readonly type: "reconciled";
      readonly attempt: number;
      readonly found: "done" | "absent" | "unknown";
      /** What the look-up threw. */
      readonly fault?: unknown;
    };

/** What a listener is told. `call` names the operation: for a fetch `POST https://host/path`, without its query. */
export type FailwellEvent = Fact & {
  /** Tells calls of one process apart. */
  readonly id: number;
  readonly call: string;
};

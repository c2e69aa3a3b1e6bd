import type { Replayability } from "./decide.ts";
import type { Guard } from "./guard.ts";
import type { Verdict } from "../verdict.ts";

/** Something that can be attempted more than once. An adapter makes one per call. */
export interface Operation<T> extends Replayability {
  /** What shares a budget and a breaker: the origin. */
  readonly key: string;
  /** What shares a cool-down: the origin and the credential. Asked only when there is something to hold back. */
  cooldownKey(): string;
  /** Names the call in events, without secrets. */
  label(): string;
  /** One attempt. `guard.signal` ends it. */
  call(guard: Guard, number: number): PromiseLike<T>;
  /** What a value that was returned means; `null` for success. */
  inspect?(value: T, guard: Guard): Verdict | null | Promise<Verdict | null>;
  /** The HTTP status of a value. */
  status?(value: T): number;
  /** Frees a value that nobody will get. */
  discard?(value: T): void;
  /** Hands a value out, or another one in its place. `kept`: whoever reads it will release the guard. */
  deliver?(value: T, guard: Guard): { readonly value: T; readonly kept: boolean };
}

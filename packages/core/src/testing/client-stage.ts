import type { HttpPolicy } from "../http/policy.ts";
import type { Attempt } from "../retry/attempt.ts";
import type { Verdict } from "../verdict.ts";

/** What a server does with one request, when it has read it. */
export type ScriptedAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      /** Waits so many ms before it answers. */
      readonly afterMs?: number;
      /** Promises more of the body than it sends, and closes the connection. */
      readonly cut?: true;
      /** Sends the body, and nothing more, but does not end it. */
      readonly stall?: true;
      /** Sends the body again and again, every so many ms, for ever. */
      readonly dripMs?: number;
    }
  /** Resets the connection, closes it, or says nothing. */
  | { readonly instead: "reset" | "close" | "silence" };

/** What a server saw of a request. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** When it had been read, by `performance.now()`. */
  readonly at: number;
}

/** A server that answers by a script: the first request with the first answer, …, the last answer for all that follow. */
export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Open connections. */
  sockets(): number;
}

/** A call, in terms that all clients share. */
export interface ContractCall {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Send the body as a stream that can be read once. */
  readonly stream?: true;
  readonly signal?: AbortSignal;
}

/** An answer, whether the client returned or threw it, its body read as text. */
export interface ContractAnswer {
  readonly status: number;
  readonly body: string;
  readonly attempts: readonly Attempt[];
  /** `null` for a success. */
  readonly verdict: Verdict | null;
}

/** What the contract needs: a client, and real servers. */
export interface ClientStage {
  /** A client with a policy of `standard` and what is given; it reads the whole body as text, inside the call. */
  client(policy: HttpPolicy<never>): (call: ContractCall) => Promise<ContractAnswer>;
  serve(script: readonly ScriptedAnswer[]): PromiseLike<ScriptedServer>;
  /** A URL at which nobody listens. */
  refused(): PromiseLike<string>;
  /** How many listeners for its abort a signal has. */
  listeners(signal: AbortSignal): number;
}

/** One request, as a caller writes it down. */
export interface Ask {
  readonly method: "GET" | "POST" | "PUT";
  /** From the root, with the query. */
  readonly path: string;
  readonly json?: object;
  readonly signal?: AbortSignal;
}

/** Makes one call: the JSON of a success, or a rejection for whatever else came of it. */
export type Call = (ask: Ask) => Promise<unknown>;

/** What a scenario asks of a client, beyond two retries. */
export interface Settings {
  /** Where the server is: scheme, host and port. */
  readonly base: string;
  /** For one attempt, in ms. */
  readonly timeout?: number;
  /** Before each retry, in ms, where the client has an option for it. */
  readonly wait?: number;
}

/** Makes a client that nobody else uses. */
export type Open = (settings: Settings) => Call;

/** A client, and how it is set up; whether it can be loaded is seen when it is. */
export interface Client {
  readonly name: string;
  /** As its README says it, for two retries. */
  readonly setUp: string;
  /** What a reader of the table should know, such as defaults that are documented. */
  readonly note?: string;
  readonly load: () => Promise<Open>;
}

/** The second argument of fetch. */
export function initOf({ method, json, signal }: Ask): {
  method: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
} {
  return {
    method,
    ...(json && { headers: { "content-type": "application/json" }, body: JSON.stringify(json) }),
    ...(signal && { signal }),
  };
}

/** Reads an answer as callers of fetch do: anything but a success is an error, its body unread. */
export async function jsonOf(response: Readable): Promise<unknown> {
  if (response.ok) return response.json();
  await response.body?.cancel();
  throw new Error(`answered ${response.status}`);
}

/** The part of a response that is read, whosever class it is. */
interface Readable {
  readonly ok: boolean;
  readonly status: number;
  readonly body: { cancel(): Promise<void> } | null;
  json(): Promise<unknown>;
}

/** The statuses that a careful caller lists for a client that leaves the list to its caller. */
export const worthARetry: readonly number[] = [408, 429, 500, 502, 503, 504, 529];

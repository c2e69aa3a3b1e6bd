import {
  attemptsOf,
  cooldownKey,
  FailwellError,
  giveUp,
  type Guard,
  type Operation,
  type Plan,
  type Verdict,
} from "@failwell/core";
import { bytesOf, drop, freshBody, openBody, peek, PEEK_MS, type Peeked, replay, watchBody } from "./body.ts";
import type { Client } from "./client.ts";
import { buffer, isStream, type Prepared } from "./request.ts";
import { keepVerdict } from "./verdict-of.ts";

/** Where credentials travel: one of them decides whose cool-down it is. */
const CREDENTIALS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

/** One call of fetch, as core's loop wants it. */
export class FetchOperation implements Operation<Response> {
  readonly idempotent: boolean;
  readonly keyed: boolean;
  replayable: boolean;
  readonly key: string;
  readonly #client: Client;
  readonly #prepared: Prepared;
  readonly #plan: Plan;
  /** What was read of a stream that may be kept. */
  #body: BodyInit | undefined;
  /** The response whose body was looked into. */
  #response: Response | undefined;
  #peeked: Peeked | undefined;
  #verdict: Verdict | null = null;

  constructor(client: Client, prepared: Prepared, plan: Plan) {
    this.#client = client;
    this.#prepared = prepared;
    this.#plan = plan;
    this.idempotent = prepared.idempotent;
    this.keyed = prepared.keyed;
    this.replayable = prepared.replayable;
    this.key = prepared.url?.origin ?? "";
  }

  cooldownKey(): string {
    const headers = new Headers(this.#prepared.headers);
    const name = CREDENTIALS.find((credential) => headers.has(credential));
    return cooldownKey(this.key, name === undefined ? null : headers.get(name));
  }

  label(): string {
    const { method, url } = this.#prepared;
    return `${method} ${url === null ? "" : url.origin + url.pathname}`;
  }

  call(guard: Guard, number: number): Promise<Response> {
    const { stream } = this.#prepared;
    if (stream === null) return this.#send(guard, number, this.#prepared.init());
    if (this.#body !== undefined) return this.#send(guard, number, this.#prepared.with(this.#body));
    return buffer(stream, guard.signal).then((body) => {
      this.replayable = !isStream(body);
      this.#body = body;
      return this.#send(guard, number, this.#prepared.with(body));
    });
  }

  #send(guard: Guard, number: number, init: RequestInit): Promise<Response> {
    init.signal = guard.signal;
    return this.#client.send(this.#prepared.input(number), init, guard);
  }

  status(response: Response): number {
    return response.status;
  }

  inspect(response: Response, guard: Guard): Verdict | null | Promise<Verdict | null> {
    const { status, headers } = response;
    if (status < 400) return null;
    const { resolve, clock, rules, cooldown, breaker, onEvent } = this.#plan;
    const { hostname = "" } = this.#prepared.url ?? {};
    const provider = { provider: hostname.includes(".") ? hostname : "" };
    const judge = (body?: Uint8Array): Verdict | null => {
      this.#verdict = resolve({ status, headers, body }, provider);
      keepVerdict(response, this.#verdict);
      return this.#verdict;
    };
    // A double may give the same response again.
    if (response === this.#response && this.#peeked !== undefined) return judge(bytesOf(this.#peeked));
    // Nothing would be decided by it.
    const idle = rules.maxAttempts === 1 && cooldown === null && breaker === null && onEvent === undefined;
    const body = idle || status > 599 ? null : freshBody(response);
    if (body === null) return judge();
    const peeked = openBody(body);
    this.#response = response;
    this.#peeked = peeked;
    // The deadline must find an answer, not the look into it.
    return peek(peeked, clock, Math.min(PEEK_MS, guard.remaining() / 2)).then(() => judge(bytesOf(peeked)));
  }

  discard(response: Response): void {
    drop(response, response === this.#response ? this.#peeked : undefined);
  }

  deliver(response: Response, guard: Guard): { readonly value: Response; readonly kept: boolean } {
    let value = response;
    const watcher = { guard, explain: (error: unknown) => this.#explain(error, guard, value) };
    if (response === this.#response && this.#peeked !== undefined) {
      value = replay(response, this.#peeked, watcher);
      keepVerdict(value, this.#verdict);
      // A body that is known whole needs no guard.
      return { value, kept: !this.#peeked.done };
    }
    const { idle, deadline } = this.#plan;
    // Without a limit and without a signal there is nothing to watch for.
    const free = idle === Infinity && deadline === Infinity && this.#prepared.signal === null;
    return { value, kept: !free && freshBody(response) !== null && watchBody(response, watcher) };
  }

  /** What breaks a body is told like what breaks a call. */
  #explain(error: unknown, guard: Guard, response: Response): unknown {
    const attempts = attemptsOf(response);
    if (guard.over === "aborted") return giveUp(error, null, attempts, "aborted");
    // The body came whole, and is no JSON: its text, which the message quotes, means nothing.
    if (error instanceof SyntaxError) return error;
    const ours = FailwellError.is(error);
    const verdict = ours ? error.verdict : this.#plan.resolve({ error });
    return verdict === null ? error : giveUp(error, verdict, attempts, ours ? error.stopReason : "fatal");
  }
}

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
import { bytesOf, drop, peek, type Peeked, watchBody } from "./body.ts";
import type { Client } from "./client.ts";
import type { Prepared } from "./request.ts";
import { keepVerdict } from "./verdict-of.ts";

/** Where credentials travel: one of them decides whose cool-down it is. */
const CREDENTIALS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

/** One call of fetch, as core's loop wants it. */
export class FetchOperation implements Operation<Response> {
  readonly idempotent: boolean;
  readonly keyed: boolean;
  readonly replayable: boolean;
  readonly key: string;
  readonly #client: Client;
  readonly #prepared: Prepared;
  readonly #plan: Plan;
  /** The response whose body was looked into. */
  #response: Response | undefined;
  #peeked: Peeked | undefined;

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
    const init = this.#prepared.init();
    init.signal = guard.signal;
    return this.#client.send(this.#prepared.input(number), init, guard);
  }

  status(response: Response): number {
    return response.status;
  }

  inspect(response: Response): Verdict | null | Promise<Verdict | null> {
    const { status, headers, body } = response;
    if (status < 400) return null;
    const { resolve, clock, rules, cooldown, breaker, onEvent } = this.#plan;
    const provider = { provider: this.#prepared.url?.hostname ?? "" };
    // Nothing would be decided by it.
    const idle = rules.maxAttempts === 1 && cooldown === null && breaker === null && onEvent === undefined;
    if (body === null || idle) return this.#judge(response, resolve({ status, headers }, provider));
    return peek(body, clock).then((peeked) => {
      this.#response = response;
      this.#peeked = peeked;
      return this.#judge(response, resolve({ status, headers, body: bytesOf(peeked) }, provider));
    });
  }

  discard(response: Response): void {
    drop(response, response === this.#response ? this.#peeked : undefined);
  }

  keep(response: Response, guard: Guard): boolean {
    const peeked = response === this.#response ? this.#peeked : undefined;
    if (peeked === undefined && response.body === null) return false;
    // Without a limit and without a signal there is nothing to watch for.
    const { idle, deadline } = this.#plan;
    if (peeked === undefined && idle === Infinity && deadline === Infinity && this.#prepared.signal === null)
      return false;
    watchBody(response, { guard, explain: (error) => this.#explain(error, response) }, peeked);
    // A body that is known whole needs no guard.
    return peeked?.done !== true;
  }

  #judge(response: Response, verdict: Verdict | null): Verdict | null {
    keepVerdict(response, verdict);
    return verdict;
  }

  /** What breaks a body is told like what breaks a call. */
  #explain(error: unknown, response: Response): unknown {
    const verdict = this.#plan.resolve({ error });
    const reason = FailwellError.is(error) ? error.stopReason : "fatal";
    return verdict === null ? error : giveUp(error, verdict, attemptsOf(response), reason);
  }
}

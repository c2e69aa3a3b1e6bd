import {
  attemptsOf,
  bytesOf,
  FailwellError,
  giveUp,
  type Guard,
  HttpOperation,
  openBody,
  peek,
  PEEK_MS,
  type Peeked,
  type Plan,
  type Verdict,
} from "@failwell/core";
import { dressed, drop, freshBody, readWhole, replay, watchBody } from "./body.ts";
import type { Client } from "./client.ts";
import type { FetchPolicy, Input } from "./policy.ts";
import { buffer, isStream, type Prepared } from "./request.ts";
import { keepVerdict } from "./verdict-of.ts";

/** One call of fetch, as core's loop wants it. */
export class FetchOperation extends HttpOperation<Response> {
  readonly #client: Client;
  protected readonly prepared: Prepared;
  /** What was read of a stream that may be kept. */
  protected kept: BodyInit | undefined;
  /** The response whose body was looked into. */
  #response: Response | undefined;
  #peeked: Peeked | undefined;
  #verdict: Verdict | null = null;

  constructor(client: Client, prepared: Prepared, plan: Plan, policy: FetchPolicy) {
    super(prepared, plan, policy);
    this.#client = client;
    this.prepared = prepared;
  }

  call(guard: Guard, number: number): Promise<Response> {
    this.refuseRepetition();
    const { stream } = this.prepared;
    if (stream === null) return this.send(guard, this.prepared.input(number), this.prepared.init());
    if (this.kept !== undefined) {
      return this.send(guard, this.prepared.input(number), this.prepared.with(this.kept));
    }
    return buffer(stream, guard.signal).then((body) => {
      this.replayable = !isStream(body);
      this.kept = body;
      return this.send(guard, this.prepared.input(number), this.prepared.with(body));
    });
  }

  protected send(guard: Guard, input: Input, init: RequestInit): Promise<Response> {
    init.signal = guard.signal;
    return this.#client.send(input, init, guard);
  }

  status(response: Response): number {
    return response.status;
  }

  inspect(response: Response, guard: Guard): Verdict | null | Promise<Verdict | null> {
    const { status, headers } = response;
    if (status < 400) return this.isWhole() ? this.#read(response, guard) : null;
    const { resolve, clock, rules, cooldown, breaker, onEvent } = this.plan;
    this.redirectedTo = response.redirected ? (originOf(response.url) ?? "") : null;
    this.isSentOn = guard.method === this.prepared.method;
    const judge = (body?: Uint8Array): Verdict | null => {
      this.#verdict = this.judged(resolve({ status, headers, body }, { provider: this.provider }));
      keepVerdict(response, this.#verdict);
      return this.#verdict;
    };
    // A double may give the same response again.
    const before = this.peekedOf(response);
    if (before !== undefined) return judge(bytesOf(before));
    // Nothing would be decided by it.
    const idle =
      rules.maxAttempts === 1 && cooldown === null && breaker === null && onEvent === undefined && !this.hosted;
    const body = idle || status > 599 ? null : freshBody(response);
    if (body === null) return judge();
    const peeked = this.#open(response, body);
    // The deadline must find an answer, not the look into it.
    return peek(peeked, clock, Math.min(PEEK_MS, guard.remaining() / 2)).then(() => judge(bytesOf(peeked)));
  }

  /** Does somebody want to know more about an error than what it decides? */
  protected get hosted(): boolean {
    return false;
  }

  protected isWhole(): boolean {
    return this.prepared.whole;
  }

  /** Reads the body of a success: what breaks it breaks the attempt. */
  #read(response: Response, guard: Guard): null | Promise<null> {
    const body = freshBody(response);
    return body === null ? null : readWhole(this.#open(response, body), guard).then(() => null);
  }

  #open(response: Response, body: ReadableStream<Uint8Array>): Peeked {
    this.#response = response;
    return (this.#peeked = openBody(body));
  }

  discard(response: Response): void {
    drop(response, this.peekedOf(response));
  }

  deliver(response: Response, guard: Guard): { readonly value: Response; readonly kept: boolean } {
    let value = response;
    const watcher = { guard, explain: (error: unknown) => this.explain(error, guard, value) };
    // An SDK around this fetch would repeat what was repeated enough.
    const headers = this.repeated !== null && this.#verdict !== null ? { "x-should-retry": "false" } : undefined;
    const peeked = this.peekedOf(response);
    if (peeked !== undefined) {
      value = replay(response, peeked, watcher, headers);
      if (response.status >= 400) keepVerdict(value, this.#verdict);
      // A body that is known whole needs no guard.
      return { value, kept: !peeked.done };
    }
    if (headers !== undefined && response.body === null) value = dressed(response, null, headers);
    const { idle, deadline } = this.plan;
    // Without a limit and without a signal there is nothing to watch for.
    const free = idle === Infinity && deadline === Infinity && this.prepared.signal === null;
    return { value, kept: !free && freshBody(response) !== null && watchBody(response, watcher) };
  }

  /** What breaks a body is told like what breaks a call. */
  protected explain(error: unknown, guard: Guard, response: Response): unknown {
    const attempts = attemptsOf(response);
    if (guard.over === "aborted") return giveUp(error, null, attempts, "aborted");
    // The body came whole, and is no JSON: its text, which the message quotes, means nothing.
    if (error instanceof SyntaxError) return error;
    const ours = FailwellError.is(error);
    const verdict = ours ? error.verdict : this.plan.resolve({ error });
    return verdict === null ? error : giveUp(error, verdict, attempts, ours ? error.stopReason : "fatal");
  }

  /** What was looked into of a response. */
  protected peekedOf(response: Response | undefined): Peeked | undefined {
    return response === this.#response ? this.#peeked : undefined;
  }
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

import {
  AmbiguousOutcomeError,
  attemptsOf,
  type Failed,
  FailwellError,
  giveUp,
  type Guard,
  HttpOperation,
  type Plan,
  type Verdict,
} from "@failwell/core";
import {
  bytesOf,
  dressed,
  drop,
  freshBody,
  keepWhole,
  openBody,
  peek,
  PEEK_MS,
  type Peeked,
  readWhole,
  replay,
  watchBody,
} from "./body.ts";
import type { Client } from "./client.ts";
import type { FailedAttempt, Host } from "./host.ts";
import type { FetchPolicy, Input } from "./policy.ts";
import { buffer, isStream, type Prepared } from "./request.ts";
import { keepVerdict } from "./verdict-of.ts";

/** One call of fetch, as core's loop wants it. */
export class FetchOperation extends HttpOperation<Response> {
  readonly weigh?: (failed: Failed<Response>) => Verdict | PromiseLike<Verdict>;
  readonly beforeRetry?: (failed: Failed<Response>) => Promise<{ readonly value: Response } | undefined>;
  readonly #client: Client;
  readonly #prepared: Prepared;
  readonly #host: Host | undefined;
  /** What was read of a stream that may be kept. */
  #body: BodyInit | undefined;
  /** What a host put in the place of the request. */
  #replacement: Request | undefined;
  /** The response whose body was looked into. */
  #response: Response | undefined;
  #peeked: Peeked | undefined;
  #verdict: Verdict | null = null;

  constructor(client: Client, prepared: Prepared, plan: Plan, policy: FetchPolicy, host: Host | undefined) {
    super(prepared, plan, policy);
    this.#client = client;
    this.#prepared = prepared;
    this.#host = host;
    if (host?.weigh !== undefined) this.weigh = (failed) => host.weigh!(this.#seen(failed));
    if (host?.beforeRetry !== undefined) {
      this.beforeRetry = async (failed) => {
        const answer = await host.beforeRetry!(this.#seen(failed));
        if (answer instanceof Response) return { value: answer };
        this.#replacement = answer ?? this.#replacement;
        return undefined;
      };
    }
  }

  call(guard: Guard, number: number): Promise<Response> {
    this.refuseRepetition();
    const { stream } = this.#prepared;
    if (this.#replacement !== undefined) return this.#send(guard, this.#keyed(this.#replacement.clone()), {});
    if (stream === null) return this.#send(guard, this.#prepared.input(number), this.#prepared.init());
    if (this.#body !== undefined) {
      return this.#send(guard, this.#prepared.input(number), this.#prepared.with(this.#body));
    }
    return buffer(stream, guard.signal).then((body) => {
      this.replayable = !isStream(body);
      this.#body = body;
      return this.#send(guard, this.#prepared.input(number), this.#prepared.with(body));
    });
  }

  #send(guard: Guard, input: Input, init: RequestInit): Promise<Response> {
    init.signal = guard.signal;
    return this.#client.send(input, init, guard);
  }

  #keyed(request: Request): Request {
    const { idempotencyKey } = this.#prepared;
    if (idempotencyKey !== null && !request.headers.has("idempotency-key")) {
      request.headers.set("idempotency-key", idempotencyKey);
    }
    return request;
  }

  status(response: Response): number {
    return response.status;
  }

  inspect(response: Response, guard: Guard): Verdict | null | Promise<Verdict | null> {
    const { status, headers } = response;
    if (status < 400) return this.#isWhole() ? this.#read(response, guard) : null;
    const { resolve, clock, rules, cooldown, breaker, onEvent } = this.plan;
    const judge = (body?: Uint8Array): Verdict | null => {
      this.#verdict = resolve({ status, headers, body }, { provider: this.provider });
      keepVerdict(response, this.#verdict);
      return this.#verdict;
    };
    // A double may give the same response again.
    if (response === this.#response && this.#peeked !== undefined) return judge(bytesOf(this.#peeked));
    // Nothing would be decided by it.
    const idle =
      rules.maxAttempts === 1 &&
      cooldown === null &&
      breaker === null &&
      onEvent === undefined &&
      this.#host === undefined;
    const body = idle || status > 599 ? null : freshBody(response);
    if (body === null) return judge();
    const peeked = this.#open(response, body);
    // The deadline must find an answer, not the look into it.
    return peek(peeked, clock, Math.min(PEEK_MS, guard.remaining() / 2)).then(() => judge(bytesOf(peeked)));
  }

  #isWhole(): boolean {
    return this.#prepared.whole || this.#host?.whole?.() === true;
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
    drop(response, response === this.#response ? this.#peeked : undefined);
  }

  deliver(response: Response, guard: Guard): { readonly value: Response; readonly kept: boolean } {
    let value = response;
    const explain = (error: unknown): unknown => {
      const told = this.#explain(error, guard, value);
      return this.#host?.explain?.(told) ?? told;
    };
    const watcher = { guard, explain };
    // An SDK around this fetch would repeat what was repeated enough.
    const headers = this.repeated !== null && this.#verdict !== null ? { "x-should-retry": "false" } : undefined;
    if (response === this.#response && this.#peeked !== undefined) {
      value = replay(response, this.#peeked, watcher, headers);
      if (response.status >= 400) {
        keepVerdict(value, this.#verdict);
        if (this.#host !== undefined && this.#peeked.done) keepWhole(value, this.#peeked);
      }
      // A body that is known whole needs no guard.
      return { value, kept: !this.#peeked.done };
    }
    if (headers !== undefined && response.body === null) value = dressed(response, null, headers);
    const { idle, deadline } = this.plan;
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
    const verdict = ours ? error.verdict : this.plan.resolve({ error });
    const told = verdict === null ? error : giveUp(error, verdict, attempts, ours ? error.stopReason : "fatal");
    const lost = response.ok && !this.idempotent && FailwellError.is(told);
    return lost ? new AmbiguousOutcomeError(told, this.sent(), 1) : told;
  }

  #seen({ verdict, value, error, attempts }: Failed<Response>): FailedAttempt {
    const looked = value !== undefined && value === this.#response && this.#peeked !== undefined;
    const response = looked ? dressed(value, new Blob(this.#peeked!.chunks as BlobPart[]).stream()) : (value ?? null);
    return { verdict, response, error, attempts };
  }
}

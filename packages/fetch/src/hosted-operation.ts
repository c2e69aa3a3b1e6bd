import { type Failed, type Guard, isIdempotent, passMark, type Plan, type Verdict } from "@failwell/core";
import { dressed, keepWhole } from "./body.ts";
import type { Client } from "./client.ts";
import type { FailedAttempt, Host } from "./host.ts";
import { FetchOperation } from "./operation.ts";
import type { FetchPolicy, Input } from "./policy.ts";
import type { Prepared } from "./request.ts";

/** One call of a fetch that is lent to a host, who has a word in it. */
export class HostedOperation extends FetchOperation {
  readonly beforeRetry?: (failed: Failed<Response>) => Promise<{ readonly value: Response } | undefined>;
  readonly #host: Host;
  readonly #foreign: boolean;
  /** Held, because a signal that follows another one is collected with its Request, and then aborts nothing. */
  protected sending: Request | undefined;
  /** What the host put in the place of the request. */
  #replacement: Request | undefined;

  constructor(client: Client, prepared: Prepared, plan: Plan, policy: FetchPolicy, host: Host) {
    super(client, prepared, plan, policy);
    this.#host = host;
    this.#foreign = client.foreign;
    if (host.beforeRetry === undefined) return;
    this.beforeRetry = async (failed) => {
      const answer = await host.beforeRetry!(this.#seen(failed));
      if (answer instanceof Response) return { value: answer };
      if (answer !== undefined) this.#replace(answer);
      this.#replacement = answer ?? this.#replacement;
      return undefined;
    };
  }

  /** What may be sent twice depends on what is sent. */
  #replace(request: Request): void {
    const { idempotencyKey, isKeyRandom, repeated } = this.prepared;
    const method = request.method.toUpperCase();
    const given = request.headers.get("idempotency-key") || null;
    this.replaceRequest({
      method,
      url: URL.canParse(request.url) ? new URL(request.url) : null,
      idempotent: isIdempotent(method),
      idempotencyKey: given ?? idempotencyKey,
      isKeyRandom: given === null && isKeyRandom === true,
      replayable: this.replayable,
      repeated,
      headers: () => request.headers,
    });
  }

  override call(guard: Guard, number: number): Promise<Response> {
    if (this.#replacement === undefined) return super.call(guard, number);
    // A stream that is kept was read out of the first request, which the host may have given back.
    const kept: RequestInit = { body: this.kept ?? null };
    const request = this.#replacement.bodyUsed ? new Request(this.#replacement, kept) : this.#replacement.clone();
    const { idempotencyKey } = this.prepared;
    if (idempotencyKey !== null && !request.headers.has("idempotency-key")) {
      request.headers.set("idempotency-key", idempotencyKey);
    }
    // What fetch is told beside the request, as where to send it through, holds on every attempt.
    const { headers: _, body: __, ...rest } = this.prepared.init();
    return this.send(guard, request, rest);
  }

  /** Who wraps a fetch for a client may take the Request for all there is: the signal and the headers must be in it, too. */
  protected override send(guard: Guard, input: Input, init: RequestInit): Promise<Response> {
    if (!this.#foreign || !(input instanceof Request)) return super.send(guard, input, init);
    const request = new Request(input, { ...init, signal: guard.signal });
    passMark(guard.signal, request.signal);
    this.sending = request;
    // They are in the Request, and a body can be read once.
    const { body: _, headers: __, ...rest } = init;
    return super.send(guard, request, rest);
  }

  weigh(failed: Failed<Response>): Verdict | PromiseLike<Verdict> {
    return this.#host.weigh?.(this.#seen(failed)) ?? failed.verdict;
  }

  protected override get hosted(): boolean {
    return true;
  }

  protected override isWhole(): boolean {
    return super.isWhole() || this.#host.whole?.() === true;
  }

  override deliver(response: Response, guard: Guard): { readonly value: Response; readonly kept: boolean } {
    const peeked = this.peekedOf(response);
    const whole = response.status >= 400 && peeked?.done === true ? keepWhole(peeked) : undefined;
    const delivered = super.deliver(response, guard);
    whole?.(delivered.value);
    return delivered;
  }

  protected override explain(error: unknown, guard: Guard, response: Response): unknown {
    const told = super.explain(error, guard, response);
    return this.#host.explain?.(told) ?? told;
  }

  #seen({ verdict, value, error, attempts }: Failed<Response>): FailedAttempt {
    const peeked = this.peekedOf(value);
    const chunks = peeked?.chunks as BlobPart[] | undefined;
    const response =
      value !== undefined && chunks !== undefined ? dressed(value, new Blob(chunks).stream()) : (value ?? null);
    return { verdict, response, error, attempts };
  }
}

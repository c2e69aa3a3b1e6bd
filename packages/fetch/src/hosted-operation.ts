import type { Failed, Guard, Plan, Verdict } from "@failwell/core";
import { dressed, keepWhole } from "./body.ts";
import type { Client } from "./client.ts";
import type { FailedAttempt, Host } from "./host.ts";
import { FetchOperation } from "./operation.ts";
import type { FetchPolicy } from "./policy.ts";
import type { Prepared } from "./request.ts";

/** One call of a fetch that is lent to a host, who has a word in it. */
export class HostedOperation extends FetchOperation {
  readonly beforeRetry?: (failed: Failed<Response>) => Promise<{ readonly value: Response } | undefined>;
  readonly #host: Host;
  /** What the host put in the place of the request. */
  #replacement: Request | undefined;

  constructor(client: Client, prepared: Prepared, plan: Plan, policy: FetchPolicy, host: Host) {
    super(client, prepared, plan, policy);
    this.#host = host;
    if (host.beforeRetry === undefined) return;
    this.beforeRetry = async (failed) => {
      const answer = await host.beforeRetry!(this.#seen(failed));
      if (answer instanceof Response) return { value: answer };
      this.#replacement = answer ?? this.#replacement;
      return undefined;
    };
  }

  override call(guard: Guard, number: number): Promise<Response> {
    if (this.#replacement === undefined) return super.call(guard, number);
    const request =
      this.kept !== undefined && this.#replacement.bodyUsed
        ? new Request(this.#replacement, { body: this.kept })
        : this.#replacement.clone();
    const { idempotencyKey } = this.prepared;
    if (idempotencyKey !== null && !request.headers.has("idempotency-key")) {
      request.headers.set("idempotency-key", idempotencyKey);
    }
    return this.send(guard, request, {});
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

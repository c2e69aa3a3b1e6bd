import { cooldownKey } from "../state/cooldown.ts";
import type { SentRequest } from "../retry/ambiguous.ts";
import { FailwellError, localVerdict } from "../retry/errors.ts";
import type { Guard } from "../retry/guard.ts";
import type { Failed, Operation } from "../retry/operation.ts";
import type { Plan } from "../retry/policy.ts";
import type { Verdict } from "../verdict.ts";
import { lostBefore, rememberLost } from "./lost.ts";
import type { HttpPolicy } from "./policy.ts";
import { credentialIn, SDK_RETRIES } from "./request.ts";

/** What every HTTP client knows about a request. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** `null` when it is not valid: the client will say so. */
  readonly url: URL | null;
  readonly idempotent: boolean;
  /** `null` when it carries none. */
  readonly idempotencyKey: string | null;
  /** The key was made up for this call: who repeats the call gets another one. */
  readonly isKeyRandom?: boolean;
  /** Its body can be sent again. */
  readonly replayable: boolean;
  /** How often an SDK around this client repeated the call: {@link SDK_RETRIES}; `null` when there is none. */
  readonly repeated: number | null;
  headers(): Headers;
}

/** One call of an HTTP client, as the loop wants it: what is the same for all of them. */
export abstract class HttpOperation<T, Answer = T> implements Operation<T> {
  idempotent: boolean;
  keyed: boolean;
  replayable: boolean;
  readonly reconcilable: boolean;
  readonly key: string;
  /** As in the request; `null` too when nothing is retried here, so that nothing is multiplied. */
  readonly repeated: number | null;
  /** The origin that answered, when it is not the one that was asked; empty when nobody knows which. */
  protected redirectedTo: string | null = null;
  /** The same request was sent on, as after a 307: what answered is an answer to it. */
  protected isSentOn = false;
  protected readonly plan: Plan;
  #request: HttpRequest;
  readonly #reconcile: HttpPolicy<Answer>["reconcile"];

  constructor(request: HttpRequest, plan: Plan, { reconcile }: HttpPolicy<Answer>) {
    this.#request = request;
    this.plan = plan;
    this.#reconcile = reconcile;
    this.idempotent = request.idempotent;
    this.keyed = request.idempotencyKey !== null;
    this.replayable = request.replayable;
    this.reconcilable = reconcile !== undefined;
    this.key = request.url?.origin ?? "";
    this.repeated = plan.rules.maxAttempts === 1 ? null : request.repeated;
  }

  abstract call(guard: Guard, number: number): PromiseLike<T>;

  /** An SDK that repeats this call would multiply the attempts. */
  get nested(): boolean {
    return this.repeated !== null && this.repeated > 0;
  }

  /** @throws {FailwellError} an SDK sends work again that may have been executed; what became of it is the cause */
  refuseRepetition(): void {
    const { isKeyRandom = false } = this.#request;
    if (!this.nested || this.idempotent || (this.keyed && !isKeyRandom) || this.plan.rules.replay === "always") return;
    const cause = lostBefore(this.label(), this.plan.clock.now());
    if (cause === undefined) return;
    throw new FailwellError(
      "repeated",
      `${this.label()} is repeated by the SDK that calls it, though it may have been executed: set the SDK's maxRetries to 0`,
      {
        verdict: localVerdict("conflict", "unsent", `header ${SDK_RETRIES}`, false),
        stopReason: "unsafe_replay",
        ...(cause !== null && { cause }),
      },
    );
  }

  /** From now on, another request is sent in the place of the first. */
  protected replaceRequest(request: HttpRequest): void {
    this.#request = request;
    this.idempotent = request.idempotent;
    this.keyed = request.idempotencyKey !== null;
  }

  /** What a verdict on an answer means for this request. */
  protected judged(verdict: Verdict | null): Verdict | null {
    if (verdict === null) return verdict;
    // Chromium has sent it again by itself, on a connection that was used before: a POST, too.
    if (verdict.upstream.status === 408 && isBrowser()) return { ...verdict, retryable: false };
    // The answer to another request, to which a redirect led, does not say what became of this one.
    const own = this.idempotent || this.redirectedTo === null || this.isSentOn;
    return own ? verdict : { ...verdict, phase: "unanswered" };
  }

  /** The host, where it may tell the provider. */
  get provider(): string {
    const { hostname = "" } = this.#request.url ?? {};
    return hostname.includes(".") ? hostname : "";
  }

  cooldownKey(held = false): string {
    const origin = (held ? this.redirectedTo : null) ?? this.key;
    return origin === "" ? "" : cooldownKey(origin, credentialIn(this.#request.headers()));
  }

  label(): string {
    const { method, url } = this.#request;
    return `${method} ${url === null ? "" : url.origin + url.pathname}`;
  }

  lost(failure: FailwellError | null): SentRequest {
    if (this.repeated !== null) rememberLost(this.label(), failure, this.plan.clock.now());
    return { call: this.label(), idempotencyKey: this.#request.idempotencyKey };
  }

  async reconcile(
    { verdict, attempts }: Failed<T>,
    { signal }: Guard,
  ): Promise<{ readonly value: T } | "absent" | "unknown"> {
    const { method, url, idempotencyKey } = this.#request;
    const facts = { method, url: url?.href ?? "", headers: this.#request.headers(), idempotencyKey };
    const found = await this.#reconcile!({ ...facts, verdict, attempts, signal });
    if (found === "absent") return found as "absent";
    // Whoever says something else cannot tell, whatever the types say.
    return typeof found === "object" && found !== null ? { value: this.found(found) } : "unknown";
  }

  /** The value of a call that was found done. */
  protected found(answer: Answer): T {
    return answer as unknown as T;
  }
}

function isBrowser(): boolean {
  return "document" in globalThis || "WorkerGlobalScope" in globalThis;
}

import {
  type Attempt,
  attemptsOf,
  carry,
  type Failed,
  giveUp,
  type Guard,
  HttpOperation,
  isRefusal,
  type Plan,
  remember,
  type Verdict,
} from "@failwell/core";
import { type AxiosAdapter, type AxiosResponse, isAxiosError } from "axios";
import { isPlatformFetch, type Kind, type Teller, tellerOf } from "./adapters.ts";
import { type Answer, bodyOf, Early, inTime, isUnread, type Refusal, responseOf, type Whole } from "./answer.ts";
import { canceled, type Facts, inWordsOfAxios } from "./errors.ts";
import type { Head, Hear } from "./heads.ts";
import { Keeper } from "./keep.ts";
import { type AxiosPolicy, isTimed } from "./policy.ts";
import { Redirects } from "./redirects.ts";
import type { Cancellation, Config, Prepared } from "./request.ts";
import { drop, type Stream } from "./streams.ts";

/** Node's own limit on silence, in ms. */
const WALL_MS = 300_000;

/** Microtasks in which an adapter says that it stopped. */
const TICKS = 50;

/** One call of an adapter, as core's loop wants it. */
export class AxiosOperation extends HttpOperation<Answer, AxiosResponse> implements Facts {
  readonly config: Config;
  readonly kind: Kind;
  request: unknown = undefined;
  verdict: Verdict | null = null;
  readonly #adapter: AxiosAdapter;
  readonly #url: URL | null;
  readonly #teller: Teller;
  /** What differs from the config of axios in every attempt. */
  readonly #changes: Partial<Config>;
  readonly #cancellation: Cancellation;
  readonly #again: boolean;
  /** Nothing here can end an attempt or repeat it: the adapter gets what axios made. */
  readonly #idle: boolean;
  readonly #keeper: Keeper = new Keeper({
    explain: (error) => this.#broken(error),
    release: () => this.#release(),
  });
  /** What ends the request behind a stream. */
  readonly #heads: WeakMap<AxiosResponse | Early, Head> = new WeakMap();
  #guard: Guard | null = null;
  /** What was handed out. */
  #delivered: Answer | undefined;
  /** What the adapter threw when the caller had ended the call. */
  #farewell: unknown;
  #pending = false;

  constructor(adapter: AxiosAdapter, prepared: Prepared, plan: Plan, policy: AxiosPolicy, cancellation: Cancellation) {
    super(prepared, plan, policy);
    const { config, kind, changes, url } = prepared;
    const timed = isTimed(plan);
    this.config = config;
    this.kind = kind;
    this.#adapter = adapter;
    this.#url = url;
    this.#cancellation = cancellation;
    this.#again = plan.rules.maxAttempts > 1;
    this.#changes = timed ? { ...changes, timeout: 0 } : changes;
    this.#idle = !this.#again && !timed && cancellation.signal === null && Object.keys(changes).length === 0;
    this.#teller = tellerOf(kind, config, this.#again);
    if (kind === "fetch" && plan.attempt > WALL_MS && plan.attempt !== Infinity && !isPlatformFetch(config)) {
      plan.warn(
        `timeouts.attempt is ${plan.attempt} ms, but the fetch in env may give up after ${WALL_MS} ms: leave it out, or lift its limit`,
      );
    }
  }

  call(guard: Guard): Promise<Answer> {
    this.refuseRepetition();
    this.#guard = guard;
    this.#farewell = undefined;
    this.verdict = this.redirectedTo = null;
    const send = (hear: Hear): Promise<Whole> => this.#send(guard, hear);
    if (this.config.responseType !== "stream") {
      return this.#again ? inTime(send, guard, this.plan.clock) : send(() => {});
    }
    if (!this.#idle) this.#keeper.listen(guard.signal);
    let last: Head | undefined;
    return send((head) => (last = head)).then((answer) => {
      if (last !== undefined) this.#heads.set(responseOf(answer), last);
      return answer;
    });
  }

  async #send(guard: Guard, hear: Hear): Promise<Whole> {
    this.#pending = true;
    const redirects = new Redirects(this.#url);
    try {
      const response = await this.#lifted(guard, (head) => {
        this.redirectedTo = redirects.heard(head);
        this.isSentOn = redirects.isSentOn;
        hear(head);
      });
      this.redirectedTo = redirects.answered(response.request);
      this.isSentOn = redirects.isSentOn;
      response.config = this.config;
      return response;
    } catch (error) {
      if (isAxiosError(error)) this.redirectedTo = redirects.answered(error.request);
      return this.#answerIn(error, guard);
    } finally {
      this.#pending = false;
    }
  }

  async #lifted(guard: Guard, hear: Hear): Promise<AxiosResponse> {
    if (this.#idle) return this.#adapter(this.config);
    try {
      return await this.#adapter(this.#attempt(guard, hear));
    } catch (error) {
      if (this.kind !== "fetch" || !isRefusal(error)) throw error;
      // A fetch of another copy of undici: it works with its own transport only, which tells nothing.
      this.#teller.silence();
      guard.connected();
      return this.#adapter(this.#attempt(guard, hear));
    }
  }

  /** The config of one attempt: axios' own is never changed. */
  #attempt(guard: Guard, hear: Hear): Config {
    const own = this.config;
    const prototype = Object.getPrototypeOf(own) as object | null;
    const copy = Object.create(prototype, Object.getOwnPropertyDescriptors(own)) as Config;
    Object.assign(copy, this.#changes, this.#teller.tell(guard, hear), { signal: guard.signal });
    delete copy.cancelToken;
    return copy;
  }

  /** An error of `validateStatus` is an answer. One that was cut off has no data. */
  #answerIn(error: unknown, guard: Guard): Refusal {
    if (guard.over === "aborted") this.#farewell = error;
    if (!isAxiosError(error)) throw error;
    const { response } = error;
    this.request = error.request ?? this.request;
    if (error.config !== undefined) error.config = this.config;
    if (response === undefined) throw error;
    response.config = this.config;
    if (!("data" in response) || guard.over !== null) throw error;
    return error as Refusal;
  }

  status(answer: Answer): number {
    return responseOf(answer).status;
  }

  inspect(answer: Answer, guard: Guard): Verdict | null | Promise<Verdict | null> {
    const response = responseOf(answer);
    const { status } = response;
    if (!(status >= 400)) return null;
    const { resolve, clock, cooldown, breaker, onEvent } = this.plan;
    const headers = response.headers as Record<string, string>;
    const judge = (body: string | object | null): Verdict | null =>
      resolve({ status, headers, body }, { provider: this.provider });
    // Nothing would be decided by it.
    const vain = !this.#again && cooldown === null && breaker === null && onEvent === undefined;
    if (vain && isUnread(response)) return judge(null);
    const body = bodyOf(response, guard, clock);
    return body instanceof Promise ? body.then(judge) : judge(body);
  }

  /** Keeps the verdict for the error. */
  weigh({ verdict, error }: Failed<Answer>): Verdict {
    return (this.verdict = this.judged(sized(verdict, error))!);
  }

  discard(answer: Answer): void {
    if (answer instanceof Early) return answer.head.stop();
    const response = responseOf(answer);
    if (!isUnread(response)) return;
    drop(response.data as Stream);
    this.#heads.get(response)?.stop();
  }

  deliver(answer: Answer): { readonly value: Answer; readonly kept: boolean } {
    if (answer instanceof Early) return { value: answer, kept: true };
    const response = responseOf(answer);
    // Without a limit and without a signal there is nothing to watch for.
    const watched = isUnread(response) && (this.plan.deadline !== Infinity || this.#cancellation.signal !== null);
    this.#delivered = answer;
    if (watched) this.#keeper.keep(response, () => this.#heads.get(response)?.stop());
    else this.#cancellation.release();
    return { value: answer, kept: watched };
  }

  /** What axios is given in the end. */
  async settle(answer: Answer): Promise<AxiosResponse> {
    const whole = answer instanceof Early ? await this.#rest(answer) : answer;
    if (whole instanceof Error) throw carry(whole, this.verdict, attemptsOf(whole));
    return whole;
  }

  /** The body of an error that took longer than a second, and that nobody retries. */
  async #rest(early: Early): Promise<Whole> {
    const guard = this.#guard!;
    const attempts = attemptsOf(early);
    try {
      const rest = guard.watch(early.whole);
      guard.answered(early.head.bytes);
      const answer = await rest;
      remember(answer, attempts);
      return answer;
    } catch (error) {
      throw await this.explain(this.#ended(error, attempts));
    } finally {
      this.#release();
    }
  }

  #release(): void {
    this.#guard!.release();
    this.#cancellation.release();
  }

  /** What breaks a body ends the call, which may have had its answer already. */
  #ended(error: unknown, attempts: readonly Attempt[]): unknown {
    const { over } = this.#guard!;
    const verdict = over === "aborted" ? null : this.plan.resolve({ error });
    this.verdict = verdict && sized(verdict, error);
    const lost = this.verdict?.kind === "network" || this.verdict?.kind === "timeout";
    const told = giveUp(error, lost ? this.verdict : null, attempts, over ?? "fatal");
    if (over !== "aborted") remember(told, attempts);
    return told;
  }

  /** What the reader of a stream is told when it breaks. */
  #broken(error: unknown): unknown {
    const { over, signal } = this.#guard!;
    const told = this.#ended(over === null ? error : signal.reason, attemptsOf(this.#delivered));
    return over === "aborted" ? canceled(told, undefined, this) : inWordsOfAxios(told, this);
  }

  /** What a failed call throws. */
  async explain(thrown: unknown): Promise<unknown> {
    // An adapter that was told to stop says so in a moment, and names the request.
    for (let tick = 0; this.#pending && tick < TICKS; tick++) await Promise.resolve();
    const aborted = this.#guard === null ? this.#cancellation.signal?.aborted === true : this.#guard.over === "aborted";
    return aborted ? canceled(thrown, this.#farewell, this) : inWordsOfAxios(thrown, this);
  }
}

/** What is larger than the caller allows will be so again. */
function sized(verdict: Verdict, error: unknown): Verdict {
  const tooLarge = error instanceof Error && error.message.startsWith("maxContentLength size of ");
  return tooLarge ? { ...verdict, kind: "unknown", retryable: false, evidence: "maxContentLength" } : verdict;
}

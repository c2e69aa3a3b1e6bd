import { type Attempt, attemptsOf, failureOf, passMark, remember } from "@failwell/core";
import type { FetchPolicy } from "@failwell/fetch";
import { type FailedAttempt, type Host, isStream, type LentFetch } from "@failwell/fetch/lend";
import type { KyInstance } from "ky";
import { runBeforeRetry } from "./before-retry.ts";
import { attemptError, enrich, inWordsOfKy } from "./errors.ts";
import { type KyOptions, retryOf } from "./options.ts";
import { translate } from "./translate.ts";
import { weighed } from "./weigh.ts";

/** What all calls of an instance share. */
export interface Terms {
  readonly policy: FetchPolicy;
  readonly lender: (fetch: typeof globalThis.fetch | undefined) => LentFetch;
  readonly stop: KyInstance["stop"];
  /** Does ky know `init` hooks, and `totalTimeout`? ky 2 does. */
  readonly init: boolean;
}

/** One call of ky: what stands between ky and the fetch that is lent to it. */
export class Call {
  /** A shortcut such as `.json()` was asked for: the body will be read whole. */
  whole = false;
  readonly #terms: Terms;
  readonly #plain: boolean;
  #options: KyOptions = {};
  /** The options as ky shows them to hooks. */
  #shown: object = {};
  #attempts: readonly Attempt[] = [];
  #error: unknown;

  constructor(terms: Terms) {
    this.#terms = terms;
    this.#plain = terms.policy.profile === "none";
  }

  /**
   * What ky is told in the place of what the caller told it: no retries and no timers of its own, our fetch, and to let us
   * see an error first.
   */
  seal(options: KyOptions): { readonly [K in keyof KyOptions]: unknown } {
    // ky will overwrite its own.
    this.#options = { ...options };
    const { retry, hooks = {} } = options;
    const own = retryOf(options);
    // `ky.retry()` in an afterResponse hook still counts against the limit; nothing else repeats. Without such a hook there
    // is nothing to repeat, and with a limit ky would keep a copy of each body.
    const limit = (hooks.afterResponse?.length ?? 0) > 0 ? own.limit : 0;
    const { afterStatusCodes: _, ...rest } = own;
    const sealed = { ...rest, ...(limit !== undefined && { limit }), shouldRetry: () => false };
    const curious = (hooks.beforeRetry?.length ?? 0) > 0 || own.shouldRetry !== undefined;
    return {
      // What is neither number nor object is for ky to refuse.
      retry: retry === undefined || typeof retry === "number" || isObject(retry) ? sealed : retry,
      timeout: false,
      ...(this.#terms.init && { totalTimeout: false }),
      fetch: (request: Request, init?: RequestInit) => this.#send(request, init),
      hooks: {
        ...hooks,
        ...(curious && { beforeRequest: [this.#look, ...(hooks.beforeRequest ?? [])] }),
        beforeError: [this.#see, ...(hooks.beforeError ?? [])],
      },
    };
  }

  async #send(request: Request, init: RequestInit = {}): Promise<Response> {
    const options = this.#options;
    passMark(options.signal, request.signal);
    const explain = (error: unknown): unknown => inWordsOfKy(error, { request, plain: this.#plain });
    const policy = translate(options, request.method, this.#terms.policy);
    const beforeRetry = options.hooks?.beforeRetry ?? [];
    const host: Host = {
      streams: isStream(options.body as BodyInit),
      whole: () => this.whole && !this.#plain && options.onDownloadProgress === undefined,
      explain,
      ...weighed(options, (failed) => this.#hostError(failed, request)),
      ...(beforeRetry.length > 0 && {
        beforeRetry: async (failed) => {
          const error = await this.#hostError(failed, request);
          const state = { request, options: this.#shown, error, retryCount: failed.attempts.length };
          return runBeforeRetry(beforeRetry, state, this.#terms.stop);
        },
      }),
    };
    try {
      const response = await this.#terms.lender(options.fetch)(
        request,
        policy === null ? init : { ...init, policy },
        host,
      );
      this.#attempts = attemptsOf(response);
      return response;
    } catch (error) {
      this.#error = explain(error);
      throw this.#error;
    }
  }

  /** ky, or a hook, may have put a response of its own in the place of the one that came. */
  told(response: Response): Response {
    if (attemptsOf(response) !== this.#attempts) remember(response, this.#attempts);
    return response;
  }

  #hostError(failed: FailedAttempt, request: Request): Promise<Error> {
    return attemptError(failed, request, this.#shown, this.#options.parseJson);
  }

  /** A `beforeRequest` hook, in the signature of ky 1 and of ky 2: what other hooks see is complete there. */
  readonly #look = (first: Request | { readonly options: object }, second?: object): void => {
    const options = second ?? (first as { readonly options: object }).options;
    this.#shown = Object.freeze({ ...options, retry: retryOf(this.#options) });
  };

  /** The first `beforeError` hook, in the signature of ky 1 and of ky 2: the others see what the error carries. */
  readonly #see = (first: Error | { readonly error: Error }): Error => {
    const error = first instanceof Error ? first : first.error;
    return enrich(error, this.#attempts, failureOf(this.#error));
  };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

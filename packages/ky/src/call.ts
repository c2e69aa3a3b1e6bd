import { attemptsOf, carry, failureOf, type Verdict } from "@failwell/core";
import type { FetchPolicy } from "@failwell/fetch";
import { type FailedAttempt, type Host, isStream, knownVerdict, type LentFetch, unread } from "@failwell/fetch/lend";
import { HTTPError, type KyInstance } from "ky";
import { attemptError, inWordsOfKy } from "./errors.ts";
import type { Hook, KyOptions, KyRetry } from "./options.ts";
import { translate } from "./translate.ts";

/** A `beforeRetry` hook said `ky.stop`. No Error, so that no `beforeError` hook is told. */
export const STOPPED: unique symbol = Symbol("ky.stop");

/** One call of ky: what stands between ky and the fetch that is lent to it. */
export class Call {
  /** A shortcut such as `.json()` was asked for: the body will be read whole. */
  whole = false;
  readonly #lender: (fetch: typeof globalThis.fetch | undefined) => LentFetch;
  readonly #stop: unknown;
  readonly #plain: boolean;
  #options: KyOptions = {};
  #error: unknown;

  constructor(
    lender: (fetch: typeof globalThis.fetch | undefined) => LentFetch,
    stop: KyInstance["stop"],
    profile: FetchPolicy["profile"],
  ) {
    this.#lender = lender;
    this.#stop = stop;
    this.#plain = profile === "none";
  }

  /**
   * What ky is told in the place of what the caller told it: no retries and no timers of its own, our fetch, and to let us
   * see an error first.
   */
  seal(options: KyOptions): { readonly [K in keyof KyOptions]: unknown } {
    // ky will overwrite its own.
    this.#options = { ...options };
    const { retry = {}, hooks = {} } = options;
    const own = typeof retry === "number" ? { limit: retry } : retry;
    // `ky.retry()` in an afterResponse hook still counts against the limit; nothing else repeats. Without such a hook there
    // is nothing to repeat, and with a limit ky would keep a copy of each body.
    const limit = (hooks.afterResponse?.length ?? 0) > 0 ? own.limit : 0;
    const { afterStatusCodes: _, ...rest } = own;
    return {
      retry: { ...rest, ...(limit !== undefined && { limit }), shouldRetry: () => false },
      timeout: false,
      totalTimeout: false,
      fetch: (request: Request, init?: RequestInit) => this.#send(request, init),
      hooks: { ...hooks, beforeError: [this.#see, ...(hooks.beforeError ?? [])] },
    };
  }

  async #send(request: Request, init: RequestInit = {}): Promise<Response> {
    const options = this.#options;
    const policy = translate(options, request.method);
    const explain = (error: unknown): unknown => inWordsOfKy(error, { request, plain: this.#plain });
    const beforeRetry = options.hooks?.beforeRetry ?? [];
    const host: Host = {
      streams: isStream(options.body as BodyInit),
      whole: () => this.whole && !this.#plain && options.onDownloadProgress === undefined,
      explain,
      ...weighed(options, (failed) => this.#hostError(failed, request)),
      ...(beforeRetry.length > 0 && { beforeRetry: (failed) => this.#runHooks(beforeRetry, failed, request) }),
    };
    try {
      return await this.#lender(options.fetch)(request, policy === null ? init : { ...init, policy }, host);
    } catch (error) {
      this.#error = explain(error);
      throw this.#error;
    }
  }

  async #runHooks(
    hooks: readonly Hook[],
    failed: FailedAttempt,
    request: Request,
  ): Promise<Request | Response | undefined> {
    const error = await this.#hostError(failed, request);
    for (const hook of hooks as readonly ((state: object) => unknown)[]) {
      const retryCount = failed.attempts.length;
      const answer = await hook({ request, options: this.#options, error, retryCount });
      if (answer === this.#stop) throw STOPPED;
      if (answer instanceof Response || answer instanceof Request) return answer;
    }
    // They may have changed its headers.
    return request;
  }

  #hostError(failed: FailedAttempt, request: Request): Promise<Error> {
    return attemptError(failed, request, this.#options);
  }

  /** The first `beforeError` hook, in the signature of ky 1 and of ky 2: the others see what the error carries. */
  readonly #see = (first: Error | { readonly error: Error }): Error => {
    const error = first instanceof Error ? first : first.error;
    if (isHTTPError(error)) {
      const { response } = error;
      const attempts = attemptsOf(response);
      carry(error, knownVerdict(response) ?? null, attempts);
      // ky 2 has read it into `error.data`.
      const twin = response.bodyUsed ? unread(response) : null;
      if (twin !== null) error.response = carry(twin, null, attempts) as typeof response;
    } else {
      const failure = failureOf(this.#error);
      if (failure !== null && failureOf(error) === null) carry(error, failure.verdict, failure.attempts);
    }
    return error;
  };
}

function isHTTPError(error: Error): error is HTTPError {
  return error instanceof HTTPError || error.name === "HTTPError";
}

/** The parts of ky's `retry` that judge a failure. */
function weighed(options: KyOptions, errorOf: (failed: FailedAttempt) => Promise<Error>): Pick<Host, "weigh"> {
  const { statusCodes, retryOnTimeout, shouldRetry } = (
    typeof options.retry === "object" ? options.retry : {}
  ) as KyRetry;
  if (statusCodes === undefined && retryOnTimeout === undefined && shouldRetry === undefined) return {};
  return {
    weigh: async (failed) => {
      const { verdict, response, attempts } = failed;
      const word = await shouldRetry?.({ error: await errorOf(failed), retryCount: attempts.length + 1 });
      if (typeof word === "boolean") return { ...verdict, retryable: word };
      if (response === null) {
        return verdict.kind === "timeout" && retryOnTimeout === false ? { ...verdict, retryable: false } : verdict;
      }
      return statusCodes === undefined ? verdict : listed(verdict, statusCodes.includes(response.status));
    },
  };
}

/** A list of statuses stands in the place of the status table; what a code or a header of the server says is stronger. */
function listed(verdict: Verdict, isListed: boolean): Verdict {
  const table = verdict.evidence.startsWith("status ");
  return { ...verdict, retryable: isListed && (table || verdict.retryable) };
}

import type { KyInstance, Options } from "ky";

/** What ky keeps behind an instance or a call, as far as it matters here: of ky 1 and of ky 2. */
export interface KyOptions {
  readonly retry?: number | KyRetry;
  readonly timeout?: number | false;
  readonly totalTimeout?: number | false;
  readonly fetch?: typeof globalThis.fetch;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
  readonly onDownloadProgress?: unknown;
  readonly parseJson?: (text: string, context: { request: Request; response: Response }) => unknown;
  readonly hooks?: {
    readonly beforeRequest?: readonly Hook[];
    readonly beforeRetry?: readonly Hook[];
    readonly afterResponse?: readonly Hook[];
    readonly beforeError?: readonly Hook[];
    readonly init?: readonly Hook[];
  };
}

/** ky's `retry`, as an object. */
export interface KyRetry {
  readonly limit?: number;
  readonly methods?: readonly string[];
  readonly statusCodes?: readonly number[];
  readonly afterStatusCodes?: readonly number[];
  readonly maxRetryAfter?: number;
  readonly backoffLimit?: number;
  readonly delay?: (attemptCount: number) => number;
  readonly jitter?: boolean | ((delay: number) => number) | undefined;
  readonly retryOnTimeout?: boolean;
  readonly shouldRetry?: (state: { error: Error; retryCount: number }) => unknown;
}

export type Hook = (...values: never[]) => unknown;

/** `retry` as an object, whatever it was given as. */
export function retryOf({ retry }: KyOptions): KyRetry {
  if (typeof retry === "number") return { limit: retry };
  return typeof retry === "object" && retry !== null ? retry : {};
}

/** What an instance was made with: ky shows it to whoever extends it. */
export function optionsOf(instance: KyInstance): KyOptions {
  let seen: Options = {};
  instance.extend((defaults) => {
    seen = defaults;
    return {};
  });
  return seen;
}

/** Does this instance know `init` hooks, which see the options last? ky 2 does; ky 1 drops what it does not know. */
export function hasInitHooks(instance: KyInstance): boolean {
  const { hooks } = optionsOf(instance.extend({ hooks: { init: [() => {}] } }));
  return (hooks?.init?.length ?? 0) > 0;
}

import type { KyInstance, Options } from "ky";

/** What ky keeps behind an instance or a call, as far as it matters here: of ky 1 and of ky 2. */
export interface KyOptions {
  readonly retry?: number | KyRetry;
  readonly timeout?: number | false;
  readonly totalTimeout?: number | false;
  readonly fetch?: typeof globalThis.fetch;
  readonly body?: unknown;
  readonly onDownloadProgress?: unknown;
  readonly hooks?: {
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

/** What an instance was made with: ky shows it to whoever extends it. */
export function optionsOf(instance: KyInstance): KyOptions {
  let seen: Options = {};
  instance.extend((defaults) => {
    seen = defaults;
    return {};
  });
  return seen as KyOptions;
}

/** Does this instance know `init` hooks, which see the options last? ky 2 does; ky 1 drops what it does not know. */
export function hasInitHooks(instance: KyInstance): boolean {
  const { hooks } = optionsOf(instance.extend({ hooks: { init: [() => {}] } }));
  return (hooks?.init?.length ?? 0) > 0;
}

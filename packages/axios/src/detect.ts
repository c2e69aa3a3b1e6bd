import type { Axios, InternalAxiosRequestConfig } from "axios";

/** Libraries that repeat requests of an instance from its interceptors. */
type Retrier = "axios-retry" | "retry-axios";

/** An interceptor, as axios keeps it; `null` when it was ejected. */
interface Kept {
  readonly fulfilled?: unknown;
  readonly rejected?: unknown;
}

/** Read once: the text of a function never changes. */
const read: WeakMap<object, Retrier | null> = /* @__PURE__ */ new WeakMap();

/**
 * Retries must not multiply.
 *
 * @param config of a request in flight, where there is one: both libraries leave a mark in it
 * @throws {TypeError} another library repeats the requests of this instance
 */
export function refuseRetriers({ interceptors }: Axios, config?: InternalAxiosRequestConfig): void {
  const responses = kept(interceptors.response);
  const retrier =
    first(kept(interceptors.request), ({ fulfilled }) => byText(fulfilled, inRequest)) ??
    first(responses, ({ fulfilled, rejected }) => byText(rejected, (text) => inResponse(text, fulfilled))) ??
    (config === undefined ? null : byMark(config, responses));
  if (retrier !== null)
    throw new TypeError(`this instance already retries with ${retrier}: remove it, or do not wrap the instance`);
}

function kept(manager: { handlers?: unknown }): readonly Kept[] {
  return Array.isArray(manager.handlers) ? manager.handlers.filter((handler) => Boolean(handler)) : [];
}

function first(handlers: readonly Kept[], look: (handler: Kept) => Retrier | null): Retrier | null {
  for (const handler of handlers) {
    const found = look(handler);
    if (found !== null) return found;
  }
  return null;
}

function byText(handler: unknown, look: (text: string) => Retrier | null): Retrier | null {
  if (typeof handler !== "function") return null;
  let found = read.get(handler);
  if (found === undefined) read.set(handler, (found = look(Function.prototype.toString.call(handler))));
  return found;
}

/** axios-retry 4 lets every status fail while it validates responses; axios-retry 3 takes the time of a state that it keeps in the config. */
function inRequest(text: string): Retrier | null {
  const four =
    /\.validateResponse\b[^]*\.validateStatus\s*=\s*(?:\(\)\s*=>|function\s*\(\)\s*\{\s*return)\s*(?:false|!1)/;
  const three = /\bgetCurrentState\(\w+\);?\s*\w+\.lastRequestTime\s*=\s*Date\.now\(\)/;
  return four.test(text) || three.test(text) ? "axios-retry" : null;
}

/** What retry-axios registers is short: the name of what it calls, or before version 3 that function itself. */
function inResponse(text: string, fulfilled: unknown): Retrier | null {
  if (text.startsWith("async function onError(") && text.includes(".raxConfig")) return "retry-axios";
  const passes = typeof fulfilled === "function" && /^function onFulfilled\((\w+)\)\s*\{\s*return \1;?\s*\}$/;
  const calls = /^async \(?(\w+)\)?\s*=>\s*onError\(\w+,\s*\1\)$/;
  return passes && passes.test(String(fulfilled)) && calls.test(text) ? "retry-axios" : null;
}

/** Bundled and renamed, they are known by what they do to a config. */
function byMark(config: InternalAxiosRequestConfig, responses: readonly Kept[]): Retrier | null {
  const { "axios-retry": state, raxConfig } = config as {
    "axios-retry"?: { readonly lastRequestTime?: unknown };
    raxConfig?: { readonly currentRetryAttempt?: number };
  };
  // Left over from another instance, nobody here would read them.
  if (!responses.some(({ rejected }) => typeof rejected === "function")) return null;
  if (typeof state?.lastRequestTime === "number") return "axios-retry";
  return (raxConfig?.currentRetryAttempt ?? 0) > 0 ? "retry-axios" : null;
}

import type { Progress } from "../retry/guard.ts";

/**
 * Node's own fetch gives up after 300 s without headers, and after 300 s without a byte of the body. Both limits are
 * options of each dispatch, so an object that forwards to the process's own dispatcher can lift them: no second copy of
 * undici, and the proxies, mocks and TLS settings of the application stay in force.
 */

interface Dispatcher {
  dispatch(options: object, handler: Handler): boolean;
  readonly isMockActive?: boolean;
}

/** What undici calls while it works: the first of each pair up to undici 7, the second from 7 on. */
type Handler = {
  [K in (typeof SENT)[number] | (typeof ANSWERED)[number] | (typeof CAME)[number]]?: (...values: unknown[]) => unknown;
};

const SENT = ["onConnect", "onRequestStart"] as const;
const ANSWERED = ["onHeaders", "onResponseStart"] as const;
const CAME = ["onData", "onResponseData"] as const;

const V1: unique symbol = /* @__PURE__ */ Symbol.for("undici.globalDispatcher.1") as never;
const V2: unique symbol = /* @__PURE__ */ Symbol.for("undici.globalDispatcher.2") as never;

/** Where a runtime keeps its dispatchers. */
interface Scope {
  readonly [V1]?: Dispatcher;
  readonly [V2]?: Dispatcher;
  readonly Headers?: unknown;
  readonly process?: { readonly versions?: { readonly undici?: string } };
}

/** The dispatcher of the built-in fetch. Handler and dispatcher must be of one generation, so the version decides. */
export function builtIn(scope: Scope = globalThis as Scope): Dispatcher | undefined {
  void scope.Headers; // loads the bundled undici, which sets the symbols
  const major = Number.parseInt(scope.process?.versions?.undici ?? "", 10);
  return major >= 8 ? (scope[V2] ?? scope[V1]) : (scope[V1] ?? scope[V2]);
}

/** Is there a transport whose limits can be lifted? Bun and Deno call themselves Node, but have none. */
export function isLiftable(): boolean {
  return builtIn() !== undefined;
}

/** A dispatcher without time limits of its own, for one attempt: `fetch(url, { dispatcher })`. */
export class Unlimited implements Dispatcher {
  readonly #progress: Progress;
  readonly #own: Dispatcher | undefined;
  readonly #whole: boolean;

  /**
   * @param own the dispatcher that the caller passed, if any
   * @param whole is the body read inside the attempt, so that the end of the headers has to be told?
   */
  constructor(progress: Progress, own: Dispatcher | undefined, whole = false) {
    this.#progress = progress;
    this.#own = own;
    this.#whole = whole;
  }

  dispatch(options: object, handler: Handler): boolean {
    // Looked up each time, so that a later setGlobalDispatcher counts.
    const target = this.#own ?? builtIn()!;
    const progress = this.#progress;
    progress.connecting((options as { readonly method?: string }).method);
    for (const name of SENT) spy(handler, name, () => progress.connected());
    for (const name of CAME) spy(handler, name, () => progress.received());
    if (this.#whole) {
      for (const name of ANSWERED) {
        spy(handler, name, (...values) => {
          const status = values.find((value) => typeof value === "number") ?? 0;
          // After an interim answer and after a redirect, the answer is still to come.
          if (status >= 400 || (status >= 200 && status < 300)) progress.answered();
        });
      }
    }
    return target.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler);
  }

  /** Without it, a MockAgent that matches on bodies fails. */
  get isMockActive(): boolean {
    return (this.#own ?? builtIn())?.isMockActive ?? false;
  }
}

function spy(handler: Handler, name: keyof Handler, see: (...values: unknown[]) => void): void {
  const original = handler[name];
  if (original === undefined) return;
  handler[name] = function (one, two, three, four) {
    see(one, two);
    return original.call(this, one, two, three, four);
  };
}

/** Did a fetch of another copy of undici refuse the dispatcher? Then nothing was sent. */
export function isRefusal(error: unknown): boolean {
  const cause = (error as { cause?: { code?: unknown; message?: unknown } } | null)?.cause;
  return cause?.code === "UND_ERR_INVALID_ARG" && /^invalid on\w+ method$/.test(String(cause.message));
}

import { resolve, type Resolve } from "@failwell/core";
import type { FetchPolicy } from "@failwell/fetch";
import { createLender, type LentFetch } from "@failwell/fetch/lend";
import ky, { type Input, type KyInstance, type Options, type ResponsePromise } from "ky";
import { Call, STOPPED } from "./call.ts";
import { conflicts } from "./conflicts.ts";
import { hasInitHooks, type KyOptions, optionsOf } from "./options.ts";

type Fetch = typeof globalThis.fetch;
type Send = (input: Input, options?: Options) => ResponsePromise;

/** What all instances that come from one share. */
interface Base {
  readonly policy: FetchPolicy;
  readonly lender: (fetch: Fetch | undefined) => LentFetch;
  readonly init: boolean;
}

const originals: WeakMap<object, KyInstance> = /* @__PURE__ */ new WeakMap();

/** Makes a `resilient` that resolves errors its own way: with `createBaseResolver()` the bundle is smaller. */
export function createResilient(resolveWith: Resolve): typeof resilient {
  const lend = createLender(resolveWith);
  return (instance, policy = {}) => {
    // Wrapping twice makes one layer.
    const given: object = instance ?? ky;
    const host = originals.get(given) ?? (given as KyInstance);
    conflicts(optionsOf(host), policy);
    const lent = new Map<Fetch | undefined, LentFetch>();
    const lender = (fetch: Fetch | undefined): LentFetch => {
      const present = lent.get(fetch) ?? lend(fetch, policy);
      // A fetch that is another one at each call must not fill the memory.
      if (lent.size < 100) lent.set(fetch, present);
      return present;
    };
    lender(optionsOf(host).fetch);
    return wrap(host, { policy, lender, init: hasInitHooks(host) }) as unknown as NonNullable<typeof instance>;
  };
}

/**
 * Makes a ky instance that fails well: the same options, hooks, types and errors, and fewer failures.
 *
 * The instance that was passed is not changed. What `extend` and `create` make of the new one is resilient too.
 *
 * @param instance of ky 1.14 or 2; ky itself when left out
 * @throws {RangeError} a policy that cannot work, or one that contradicts the options of the instance
 */
export const resilient: <K extends KyLike = KyInstance>(instance?: K, policy?: FetchPolicy) => K =
  /* @__PURE__ */ createResilient(resolve);

/** ky 1 or ky 2. */
export interface KyLike {
  readonly stop: symbol;
  (input: string, options?: { method?: string }): Promise<unknown>;
}

function wrap(host: KyInstance, base: Base): KyInstance {
  const api = through(host, (instance) => instance, base) as unknown as Record<string, unknown>;
  for (const name of Object.keys(host)) {
    const own = host[name as "get"] as unknown;
    const verb = typeof own === "function" && !/^(?:create|extend|retry)$/.test(name);
    api[name] = verb ? through(host, (instance) => instance[name as "get"] as Send, base) : own;
  }
  api["create"] = (defaults?: Options) => wrap(host.create(defaults), base);
  api["extend"] = (defaults: Parameters<KyInstance["extend"]>[0]) => wrap(host.extend(defaults), base);
  originals.set(api, host);
  return api as unknown as KyInstance;
}

/** A function of ky, sealed at each call. */
function through(host: KyInstance, pick: (instance: KyInstance) => Send, { policy, lender, init }: Base): Send {
  return (input, options) => {
    const call = new Call(lender, host.stop, policy.profile);
    if (!init) {
      // Merged by ky itself, which merges in ways of its own.
      const merged = optionsOf(options === undefined ? host : host.extend(options));
      return shortcuts(pick(host.create({ ...merged, ...call.seal(merged) } as Options))(input), call);
    }
    // After all hooks of the caller, which may set options too.
    const last = (merged: object): void => void Object.assign(merged, call.seal(merged as KyOptions));
    const own = options?.hooks !== undefined;
    const instance = own ? host.extend(options) : host;
    return shortcuts(pick(instance)(input, { ...(own ? {} : options), hooks: { init: [last] } }), call);
  };
}

/** Lets the call know when a shortcut is used, and makes `ky.stop` an answer of `undefined`. */
function shortcuts(promise: ResponsePromise, call: Call): ResponsePromise {
  const stopped = (error: unknown): undefined => {
    if (error !== STOPPED) throw error;
  };
  const outer = promise.catch(stopped) as ResponsePromise;
  for (const type of Object.keys(promise)) {
    const read = promise[type as "json"];
    const shortcut = (schema: never): Promise<unknown> => {
      call.whole = true;
      // Who uses a shortcut hears of a failure there.
      outer.catch(() => {});
      return read(schema).catch(stopped);
    };
    (outer as unknown as Record<string, unknown>)[type] = shortcut;
  }
  return outer;
}

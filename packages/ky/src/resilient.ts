import { createBudget, createCooldown, resolve, type Resolve, warningOnce } from "@failwell/core";
import type { FetchPolicy } from "@failwell/fetch";
import { createLender, type LentFetch } from "@failwell/fetch/lend";
import ky, { type Input, type KyInstance, type Options, type ResponsePromise } from "ky";
import { Call, type Terms } from "./call.ts";
import { conflicts } from "./conflicts.ts";
import { hasInitHooks, type KyOptions, optionsOf } from "./options.ts";
import { shortcuts } from "./shortcuts.ts";
import { translate } from "./translate.ts";

type Fetch = typeof globalThis.fetch;
type Send = (input: Input, options?: Options) => ResponsePromise;

const originals: WeakMap<object, KyInstance> = /* @__PURE__ */ new WeakMap();

/** Makes a `resilient` that resolves errors its own way: with `createBaseResolver()` the bundle is smaller. */
export function createResilient(resolveWith: Resolve): Resilient {
  const lend = createLender(resolveWith);
  const wrapped = (instance?: KyLike, given: FetchPolicy = {}): KyLike => {
    // Wrapping twice makes one layer.
    const outer: object = instance ?? ky;
    const host = originals.get(outer) ?? (outer as KyInstance);
    const options = optionsOf(host);
    const policy = shared(given);
    conflicts(options, policy);
    translate(options, "GET", policy);
    const own = lend(undefined, policy);
    const lent = new WeakMap<Fetch, LentFetch>();
    const lender = (fetch: Fetch | undefined): LentFetch => {
      if (fetch === undefined) return own;
      const present = lent.get(fetch) ?? lend(fetch, policy);
      lent.set(fetch, present);
      return present;
    };
    lender(options.fetch);
    const terms: Terms = { policy, lender, stop: host.stop, init: hasInitHooks(host) };
    return wrap(host, terms);
  };
  return wrapped as Resilient;
}

/**
 * Makes a ky instance that fails well: the same options, hooks, types and errors, and fewer failures.
 *
 * The instance that was passed is not changed. What `extend` and `create` make of the new one is resilient too.
 *
 * @param instance of ky 1.14 or 2; ky itself when left out
 * @throws {RangeError} a policy that cannot work, or one that contradicts the options of the instance
 */
export const resilient: Resilient = /* @__PURE__ */ createResilient(resolve);

/** What makes an instance resilient keeps its type. */
export interface Resilient {
  (instance?: undefined, policy?: FetchPolicy): KyInstance;
  <K extends KyLike>(instance: K, policy?: FetchPolicy): K;
}

/** ky 1 or ky 2. */
export interface KyLike {
  readonly stop: symbol;
  (input: string, options?: { method?: string }): Promise<unknown>;
}

/** One budget and one cool-down for all fetches that an instance sends through: there may be a new one for each call. */
function shared(given: FetchPolicy): FetchPolicy {
  const policy = warningOnce(given);
  if (policy.profile === "none") return policy;
  const { clock, budget = createBudget(), cooldown } = policy;
  return { ...policy, budget, cooldown: cooldown ?? createCooldown(clock === undefined ? {} : { clock }) };
}

function wrap(host: KyInstance, terms: Terms): KyInstance {
  const api = through(host, (instance) => instance, terms) as unknown as Record<string, unknown>;
  for (const name of Object.keys(host)) {
    const own = host[name as "get"] as unknown;
    const verb = typeof own === "function" && !/^(?:create|extend|retry)$/.test(name);
    api[name] = verb ? through(host, (instance) => instance[name as "get"], terms) : own;
  }
  api["create"] = (defaults?: Options) => wrap(host.create(defaults), terms);
  api["extend"] = (defaults: Parameters<KyInstance["extend"]>[0]) => wrap(host.extend(defaults), terms);
  originals.set(api, host);
  return api as unknown as KyInstance;
}

/** A function of ky, sealed at each call. */
function through(host: KyInstance, pick: (instance: KyInstance) => Send, terms: Terms): Send {
  return (input, options) => {
    const call = new Call(terms);
    // What is no object is for ky to refuse.
    const plain = options === undefined || (typeof options === "object" && options !== null && !Array.isArray(options));
    const own = (): KyInstance => (options === undefined ? host : host.extend(() => options));
    if (!terms.init) {
      // Merged by ky itself, which merges in ways of its own.
      const merged = optionsOf(own());
      return shortcuts(pick(host.create({ ...merged, ...call.seal(merged) } as Options))(input), call);
    }
    // After all hooks of the caller, which may set options too.
    const last = (merged: object): void => void Object.assign(merged, call.seal(merged as KyOptions));
    const light = plain && (options === undefined || !("hooks" in options));
    const hooks = { init: [last] };
    return shortcuts(light ? pick(host)(input, { ...options, hooks }) : pick(own())(input, { hooks }), call);
  };
}

import { execute, type Plan, planOf, resolve, type Resolve } from "@failwell/core";
import { createClient } from "./client.ts";
import { FetchOperation } from "./operation.ts";
import type { FetchPolicy, Input, ResilientFetch, ResilientInit } from "./policy.ts";
import { buffer, isStream, prepare } from "./request.ts";

type Fetch = typeof globalThis.fetch;

/** What was wrapped, so that wrapping twice makes one layer of retries. */
const wrapped: WeakMap<object, Fetch> = /* @__PURE__ */ new WeakMap();

/**
 * Makes a `resilient` that resolves errors its own way: with `createBaseResolver()` the bundle is half as large.
 */
export function createResilient(resolveWith: Resolve): typeof resilient {
  return (fetch, given = {}) => {
    const policy = { ...given, onWarning: once(given.onWarning) };
    const plan = planOf(policy, resolveWith);
    const client = createClient(fetch && (wrapped.get(fetch) ?? fetch), plan);
    const plans = new WeakMap<FetchPolicy, Plan>();

    /** The plan of a call that brings a policy of its own. */
    const planFor = (own: FetchPolicy, merged: FetchPolicy): Plan => {
      const present = plans.get(own) ?? planOf(merged, resolveWith);
      plans.set(own, present);
      return present;
    };
    const send = (input: Input, init: ResilientInit, rules: FetchPolicy, present: Plan): Promise<Response> => {
      const prepared = prepare(input, init, rules, present.rules.maxAttempts);
      return execute(new FetchOperation(client, prepared, present), present, prepared.signal);
    };
    const call: ResilientFetch = async (input, init = NOTHING) => {
      const { policy: own } = init;
      const rules = own === undefined ? policy : merge(policy, own, plan);
      const present = own === undefined ? plan : planFor(own, rules);
      const { bufferBody } = rules;
      if (!bufferBody || !isStream(init.body)) return send(input, init, rules, present);
      return send(input, { ...init, body: await buffer(init.body, bufferBody) }, rules, present);
    };
    wrapped.set(call, client.fetch);
    return call;
  };
}

/**
 * Makes a fetch that fails well: the same arguments, the same Response, and fewer failures.
 *
 * An HTTP error still resolves, with its body unread; only the network, a timer or an abort rejects. What happened on the
 * way is on `attemptsOf(response)`.
 *
 * @param fetch what sends; the platform's own when left out
 * @throws {RangeError} a policy that cannot work
 */
export const resilient: (fetch?: Fetch, policy?: FetchPolicy) => ResilientFetch =
  /* @__PURE__ */ createResilient(resolve);

/** A call's own policy over that of its client, sharing what is shared. */
function merge(policy: FetchPolicy, own: FetchPolicy, { budget, breaker, cooldown }: Plan): FetchPolicy {
  return {
    ...policy,
    budget: budget ?? false,
    breaker: breaker ?? false,
    cooldown: cooldown ?? false,
    ...own,
    retry: { ...policy.retry, ...own.retry },
    timeouts: { ...policy.timeouts, ...own.timeouts },
  };
}

/** A call with a policy of its own is linted like any other, but nobody wants to hear the same thing at every call. */
function once(
  warn: FetchPolicy["onWarning"] = (warning) => console.warn(`failwell: ${warning}`),
): (warning: string) => void {
  const said = new Set<string>();
  return (warning) => {
    if (!said.has(warning)) warn(warning);
    said.add(warning);
  };
}

const NOTHING: ResilientInit = {};

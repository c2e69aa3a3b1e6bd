import { execute, type Plan, planOf, resolve, type Resolve } from "@failwell/core";
import { createClient } from "./client.ts";
import { FetchOperation } from "./operation.ts";
import type { FetchPolicy, ResilientFetch, ResilientInit } from "./policy.ts";
import { buffer, isStream, prepare } from "./request.ts";

type Fetch = typeof globalThis.fetch;

/** What was wrapped, so that wrapping twice makes one layer of retries. */
const wrapped: WeakMap<object, Fetch> = /* @__PURE__ */ new WeakMap();

/**
 * Makes a `resilient` that resolves errors its own way: with `createResolver({ dialects: [] })` the bundle is half as large.
 */
export function createResilient(resolveWith: Resolve): typeof resilient {
  return (fetch, policy = {}) => {
    const plan = planOf(policy, resolveWith);
    const client = createClient(fetch && (wrapped.get(fetch) ?? fetch), plan);
    const plans = new WeakMap<FetchPolicy, Plan>();

    /** The plan of a call that brings a policy of its own. */
    const planFor = (own: FetchPolicy, merged: FetchPolicy): Plan => {
      const present = plans.get(own) ?? planOf(merged, resolveWith);
      plans.set(own, present);
      return present;
    };
    const call: ResilientFetch = async (input, init = {}) => {
      const { policy: own } = init;
      const rules = own === undefined ? policy : merge(policy, own, plan);
      const present = own === undefined ? plan : planFor(own, rules);
      const whole = rules.bufferBody && isStream(init.body) ? await whollyRead(init, rules.bufferBody) : init;
      const prepared = prepare(input, whole, rules, present.rules.maxAttempts);
      return execute(new FetchOperation(client, prepared, present), present, prepared.signal);
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

async function whollyRead(init: ResilientInit, limit: number): Promise<ResilientInit> {
  return { ...init, body: await buffer(init.body as ReadableStream<Uint8Array>, limit) };
}

import { execute, type Plan, planOf, resolve, type Resolve, warningOnce } from "@failwell/core";
import { type Client, createClient } from "./client.ts";
import { FetchOperation } from "./operation.ts";
import type { Host, LentFetch } from "./host.ts";
import type { FetchPolicy, ResilientFetch, ResilientInit } from "./policy.ts";
import { prepare, type Prepared } from "./request.ts";

type Fetch = typeof globalThis.fetch;

/** Makes the operation of one call. */
export type Make = (
  client: Client,
  prepared: Prepared,
  plan: Plan,
  policy: FetchPolicy,
  host: Host | undefined,
) => FetchOperation;

/**
 * Makes a `resilient` that resolves errors its own way: with `createBaseResolver()` the bundle is half as large.
 */
export function createResilient(resolveWith: Resolve): typeof resilient {
  return createWith(
    resolveWith,
    (client, prepared, plan, policy) => new FetchOperation(client, prepared, plan, policy),
  );
}

/** Makes a `resilient` of which hosts may have a word in each call. */
export function createWith(resolveWith: Resolve, make: Make): (fetch?: Fetch, policy?: FetchPolicy) => LentFetch {
  return (fetch, given = {}) => {
    const policy = warningOnce(given);
    const plan = planOf(policy, resolveWith);
    const client = createClient(fetch, plan);
    const plans = new WeakMap<FetchPolicy, Plan>();

    /** The plan of a call that brings a policy of its own. */
    const planFor = (own: FetchPolicy, merged: FetchPolicy): Plan => {
      const present = plans.get(own) ?? planOf(merged, resolveWith);
      plans.set(own, present);
      return present;
    };
    const call: LentFetch = async (input, init, host) => {
      init ??= NOTHING;
      const { policy: own } = init;
      const rules = own === undefined ? policy : merge(policy, own, plan);
      const present = own === undefined ? plan : planFor(own, rules);
      const prepared = prepare(input, init, rules, present.rules.maxAttempts, host?.streams);
      return execute(make(client, prepared, present, rules, host), present, prepared.signal);
    };
    client.own(call);
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
function merge(policy: FetchPolicy, own: FetchPolicy, { budget, breaker, cooldown, attempt }: Plan): FetchPolicy {
  // `none` means what it says, whatever the client does.
  if (own.profile === "none") {
    return { ...policy, breaker: false, budget: false, cooldown: false, retry: {}, timeouts: {}, ...own };
  }
  const timeouts = { ...policy.timeouts, ...own.timeouts };
  const { deadline } = own.timeouts ?? {};
  // A deadline for this call cuts the attempt timeout that the client has for all.
  if (deadline! < attempt && own.timeouts?.attempt === undefined) delete timeouts.attempt;
  return {
    ...policy,
    budget: budget ?? false,
    breaker: breaker ?? false,
    cooldown: cooldown ?? false,
    ...own,
    retry: { ...policy.retry, ...own.retry },
    timeouts,
  };
}

const NOTHING: ResilientInit = {};

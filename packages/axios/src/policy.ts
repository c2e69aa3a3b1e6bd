import type { HttpPolicy, Plan } from "@failwell/core";
import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from "axios";

/** A policy, and what only a request needs. */
export interface AxiosPolicy extends HttpPolicy<AxiosResponse> {}

/** Does any timer of the policy run? Else axios keeps its own. */
export function isTimed({ connect, attempt, idle, deadline }: Plan): boolean {
  return Math.min(connect, attempt, idle, deadline) < Infinity;
}

/**
 * The plan of one call: axios' own `timeout` limits its attempts. That of a request always counts, that of the instance
 * where the policy names none.
 *
 * @param usual the `timeout` of the instance
 * @throws {AxiosError} a `timeout` that cannot work
 */
export function planFor(
  plan: Plan,
  { timeouts = {} }: AxiosPolicy,
  config: InternalAxiosRequestConfig,
  usual: unknown,
): Plan {
  const asked: unknown = config.timeout ?? 0;
  const own = asked !== (usual ?? 0);
  if (!isTimed(plan) || (!own && timeouts.attempt !== undefined)) return plan;
  const ms = Number(asked);
  if (!(ms >= 1 || ms === 0) || typeof asked === "boolean") {
    const message = `timeout must be 0 or at least 1, got ${String(asked)} ms`;
    throw new AxiosError(message, AxiosError.ERR_BAD_OPTION_VALUE, config);
  }
  if (ms === 0) return own ? limited(plan, Infinity, plan.deadline) : plan;
  return limited(plan, ms, timeouts.deadline ?? Math.max(plan.deadline, ms));
}

const plans: WeakMap<Plan, Map<number, Plan>> = /* @__PURE__ */ new WeakMap();

/** Most calls of an application have one of a few timeouts. */
function limited(plan: Plan, ms: number, deadline: number): Plan {
  let known = plans.get(plan);
  if (known === undefined || known.size > 100) plans.set(plan, (known = new Map()));
  const present = known.get(ms) ?? { ...plan, attempt: ms, idle: ms, deadline };
  known.set(ms, present);
  return present;
}

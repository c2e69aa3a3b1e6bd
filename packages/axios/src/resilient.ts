import { execute, type Plan, planOf, resolve, type Resolve, warningOnce } from "@failwell/core";
import axios, { type Axios, type AxiosAdapter, type AxiosInstance, type AxiosResponse, getAdapter } from "axios";
import { kindOf } from "./adapters.ts";
import { refuseRetriers } from "./detect.ts";
import { canceled } from "./errors.ts";
import { AxiosOperation } from "./operation.ts";
import { type AxiosPolicy, planFor } from "./policy.ts";
import { cancellationOf, type Config, prepare } from "./request.ts";

/** What instances share that were made from one. */
interface Layer {
  readonly policy: AxiosPolicy;
  readonly plan: Plan;
}

/** A wrapped instance: the policy may be replaced, the interceptor stays. */
interface Wrapped {
  layer: Layer;
  readonly intercept: (config: Config) => Config;
}

const instances: WeakMap<Axios, Wrapped> = /* @__PURE__ */ new WeakMap();

/** Marks our adapter in a config: also for a second copy of this package. */
const OURS: unique symbol = /* @__PURE__ */ Symbol.for("@failwell/axios") as never;

/** What comes out is what went in, or a new instance. */
interface Resilient {
  (instance?: undefined, policy?: AxiosPolicy): AxiosInstance;
  <T extends Axios = AxiosInstance>(instance: T | undefined, policy?: AxiosPolicy): T;
}

/** Makes a `resilient` that resolves errors its own way: with `createBaseResolver()` the bundle is smaller. */
export function createResilient(resolveWith: Resolve): Resilient {
  return <T extends Axios>(instance?: T, policy: AxiosPolicy = {}) => {
    const plan = planOf(warningOnce(policy), resolveWith);
    return wrap(instance ?? ((axios as AxiosInstance).create() as Axios as T), { policy, plan });
  };
}

/**
 * Makes an axios instance fail well: the same requests, answers, errors and types, and fewer failures.
 *
 * The instance is changed, and returned: its interceptors, defaults and adapters stay what they are. What its `create` makes
 * is resilient too, and shares the policy. Wrapping it again replaces the policy.
 *
 * @param instance a new one when left out
 * @throws {RangeError} a policy that cannot work
 * @throws {TypeError} axios-retry or retry-axios repeats the requests of this instance already
 */
export const resilient: Resilient = /* @__PURE__ */ createResilient(resolve);

function wrap<T extends Axios>(instance: T, layer: Layer): T {
  refuseRetriers(instance);
  const known = instances.get(instance);
  const wrapped = known ?? { layer, intercept: interceptor(instance) };
  wrapped.layer = layer;
  instances.set(instance, wrapped);
  const { request } = instance.interceptors;
  // Somebody may have cleared them.
  if (request.handlers?.some((handler) => handler?.fulfilled === wrapped.intercept) !== true) {
    request.use(wrapped.intercept, passOn, { synchronous: true });
  }
  const maker = instance as { create?: AxiosInstance["create"] };
  const { create } = maker;
  // The class has none.
  if (known === undefined && create !== undefined) maker.create = (config) => wrap(create(config), wrapped.layer);
  return instance;
}

/** axios up to 1.12 calls it when an interceptor throws, whether it is there or not. */
function passOn(error: unknown): never {
  throw error;
}

/** Puts our adapter in the place of the one that was chosen, for one request. */
function interceptor(instance: Axios): (config: Config) => Config {
  return (config) => {
    refuseRetriers(instance);
    refuseAborted(config);
    const { adapter } = config;
    if (typeof adapter !== "function" || !(OURS in adapter)) {
      config.adapter = Object.assign((sent: Config) => call(instance, sent, adapter), { [OURS]: true });
    }
    return config;
  };
}

/** axios would throw the same a moment later, but without the reason. */
function refuseAborted(config: Config): void {
  const signal = config.signal as AbortSignal | undefined;
  if (signal?.aborted !== true || config.cancelToken?.reason !== undefined) return;
  throw canceled(signal.reason, undefined, { ...NOTHING, config });
}

const NOTHING = { kind: "other", request: undefined, verdict: null } as const;

/** One call: what axios awaits in the place of the adapter. */
function call(instance: Axios, config: Config, chosen: Config["adapter"]): Promise<AxiosResponse> {
  // Nothing of ours is to be found in it, also when it is sent again.
  if (chosen === undefined) delete config.adapter;
  else config.adapter = chosen;
  refuseRetriers(instance, config);
  const adapter: AxiosAdapter = getAdapter(chosen ?? axios.defaults.adapter, config);
  const { policy, plan: usual } = instances.get(instance)!.layer;
  const plan = planFor(usual, policy, config, instance.defaults.timeout);
  const prepared = prepare(config, kindOf(adapter, config), policy, plan.rules.maxAttempts > 1);
  const cancellation = cancellationOf(config);
  const operation = new AxiosOperation(adapter, prepared, plan, policy, cancellation);
  return execute(operation, plan, cancellation.signal).then(
    (answer) => operation.settle(answer),
    async (error: unknown) => {
      cancellation.release();
      throw await operation.explain(error);
    },
  );
}

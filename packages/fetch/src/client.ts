import { isLiftable, isRefusal, type Plan, type Progress, Unlimited } from "@failwell/core";
import type { Input } from "./policy.ts";

type Fetch = typeof globalThis.fetch;

/** Node's own limit on silence, in ms. */
const WALL_MS = 300_000;

/** What a resilient fetch sends through, so that wrapping twice makes one layer of retries. */
const originals: WeakMap<object, Fetch> = /* @__PURE__ */ new WeakMap();

/** Sends through a fetch, without the limits of Node's transport where they can be lifted. */
export interface Client {
  /** Does it send through a fetch of the caller's own? */
  readonly foreign: boolean;
  send(input: Input, init: RequestInit, progress: Progress): Promise<Response>;
  /** Says that a fetch sends through this client. */
  own(wrapped: object): void;
}

/** @param fetch `undefined` for the platform's own, looked up at each call, so that one put in place later counts */
export function createClient(fetch: Fetch | undefined, plan: Plan): Client {
  const original = bare(fetch ?? globalThis.fetch);
  const platform = fetch === undefined || original === bare(globalThis.fetch);
  // Ours may have become the platform's own in the meantime.
  const inner: Fetch = fetch === undefined ? (input, init) => bare(globalThis.fetch)(input, init) : original;
  let lift = platform && isLiftable();
  if (!platform && isLiftable() && plan.attempt > WALL_MS && plan.attempt !== Infinity) {
    plan.warn(
      `timeouts.attempt is ${plan.attempt} ms, but the fetch that was passed may give up after ${WALL_MS} ms: pass Node's own fetch, or none`,
    );
  }
  return {
    foreign: !platform,
    own: (wrapped) => void originals.set(wrapped, original),
    async send(input, init, progress) {
      if (!lift) return inner(input, init);
      const { dispatcher } = init as { dispatcher?: Unlimited };
      try {
        return await inner(input, { ...init, dispatcher: new Unlimited(progress, dispatcher) } as RequestInit);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // A fetch of another copy of undici: it works with its own transport only, which tells nothing.
        lift = false;
        progress.connected();
        return inner(input, init);
      }
    },
  };
}

function bare(fetch: Fetch): Fetch {
  return originals.get(fetch) ?? fetch;
}

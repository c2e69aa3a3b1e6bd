import { within } from "./port.ts";

/**
 * A shared allowance for retries: successes fill it, retries draw on it. When everything fails it runs dry, and a
 * failing dependency gets its calls once instead of several times.
 * A port: a shared store may stand behind it, so its answers may be promises.
 */
export interface Budget {
  /** May one retry be paid for? Takes `cost` if so, and nothing otherwise. */
  withdraw(key: string, cost: number): boolean | PromiseLike<boolean>;
  /** Gives back `amount` after a success. */
  deposit(key: string, amount: number): void | PromiseLike<void>;
}

/** A budget in this process: it answers at once. */
export interface MemoryBudget extends Budget {
  withdraw(key: string, cost: number): boolean;
  deposit(key: string, amount: number): void;
}

/** What one retry costs. A success gives back 1, a retry that succeeds its cost. */
export const RETRY_COST = { transient: 10, throttled: 4 } as const;

/** How large the buckets are, and how many. */
export interface BudgetOptions {
  /** What a full bucket holds. */
  readonly capacity?: number | undefined;
  /** How many buckets that are not full are remembered at most; the one not used for longest counts as full again. */
  readonly maxKeys?: number | undefined;
}

/**
 * Makes a budget in memory: one bucket per key (an origin), full at first.
 *
 * Each process has its own, and each starts full. Where many processes call one dependency, say what the fleet may
 * spend: divide `capacity` by their number, or put a shared store behind the port.
 */
export function createBudget(options: BudgetOptions = {}): MemoryBudget {
  const { capacity = 100, maxKeys = 1000 } = options;
  within("capacity", capacity, 1);
  within("maxKeys", maxKeys, 1);
  // What is missing from each bucket, least recently used first: a full bucket needs no entry.
  const missing = new Map<string, number>();

  function put(key: string, amount: number): void {
    missing.delete(key);
    if (amount <= 0) return;
    if (missing.size >= maxKeys) {
      const [oldest = key] = missing.keys();
      missing.delete(oldest);
    }
    missing.set(key, amount);
  }

  return {
    withdraw(key, cost) {
      within("cost", cost, 0);
      const before = missing.get(key) ?? 0;
      const paid = before + cost <= capacity;
      put(key, paid ? before + cost : before);
      return paid;
    },
    deposit(key, amount) {
      within("amount", amount, 0);
      const before = missing.get(key);
      if (before !== undefined) put(key, before - amount);
    },
  };
}

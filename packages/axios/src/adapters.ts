import { isLiftable, type Progress, type Unlimited } from "@failwell/core";
import { type AxiosAdapter, getAdapter, type InternalAxiosRequestConfig } from "axios";
import { watchedAgents } from "./agents.ts";
import { Announcing, type Hear } from "./heads.ts";

/** Whose adapter sends; `other` is one of the caller's own. */
export type Kind = "http" | "fetch" | "xhr" | "other";

const kinds: WeakMap<AxiosAdapter, Kind> = /* @__PURE__ */ new WeakMap();

/** Whose this adapter is. */
export function kindOf(adapter: AxiosAdapter, config: InternalAxiosRequestConfig): Kind {
  const kind = kinds.get(adapter) ?? findKind(adapter, config);
  kinds.set(adapter, kind);
  return kind;
}

function findKind(adapter: AxiosAdapter, config: InternalAxiosRequestConfig): Kind {
  for (const kind of ["http", "fetch", "xhr"] as const) {
    try {
      if (getAdapter(kind, config) === adapter) return kind;
    } catch {
      // Not of this platform.
    }
  }
  return "other";
}

/** Makes an adapter of axios tell how far an attempt got, and lifts the limits of its transport. */
export interface Teller {
  /** What is to be changed in the config of an attempt. */
  tell(progress: Progress, hear: Hear): object;
  /** The transport refused what was changed. */
  silence(): void;
}

/** One attempt is made inside: a resilient fetch that was put below this instance must not retry too. */
const ONCE = { retry: { maxAttempts: 1 } } as const;

/** @param retries there are any, so there is something to multiply */
export function tellerOf(kind: Kind, config: InternalAxiosRequestConfig, retries: boolean): Teller {
  let silent = false;
  const tells: Readonly<Record<Kind, Teller["tell"]>> = {
    http: (progress, hear) => watchedAgents(config, progress, hear),
    fetch: (progress, hear) => {
      const own = config.fetchOptions as { readonly dispatcher?: Unlimited } | undefined;
      const dispatcher =
        !silent && isPlatformFetch(config) ? new Announcing(hear, progress, own?.dispatcher, true) : undefined;
      return { fetchOptions: { ...own, ...(retries && { policy: ONCE }), ...(dispatcher && { dispatcher }) } };
    },
    xhr: (progress) => ({ onDownloadProgress: heard(config, progress) }),
    other: () => ({}),
  };
  return { tell: tells[kind], silence: () => void (silent = true) };
}

/** Is it the platform's own fetch, whose limits can be lifted? */
export function isPlatformFetch({ env }: InternalAxiosRequestConfig): boolean {
  return (env?.fetch === undefined || env.fetch === globalThis.fetch) && isLiftable();
}

/** An XMLHttpRequest tells nothing before the first bytes of the body. */
function heard(
  { onDownloadProgress }: InternalAxiosRequestConfig,
  progress: Progress,
): NonNullable<InternalAxiosRequestConfig["onDownloadProgress"]> {
  let answered = false;
  return (event) => {
    if (answered) progress.received();
    else progress.answered();
    answered = true;
    onDownloadProgress?.(event);
  };
}

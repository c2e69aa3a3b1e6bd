import { type HttpRequest, isIdempotent, keyFor, passMark, repetitionsIn } from "@failwell/core";
import { Axios, type InternalAxiosRequestConfig } from "axios";
import type { Kind } from "./adapters.ts";
import { formChanges, snapshot } from "./form.ts";
import type { AxiosPolicy } from "./policy.ts";

export type Config = InternalAxiosRequestConfig;

/** Without defaults: a config in flight has them already. */
const bare: Axios = /* @__PURE__ */ new Axios({});

/** What is sent, the same on every attempt. */
export interface Prepared extends HttpRequest {
  /** As axios made it. */
  readonly config: Config;
  readonly kind: Kind;
  /** What differs from the config in every attempt. */
  readonly changes: Partial<Config>;
}

/**
 * Reads a config in flight. An idempotency key that the policy asks for is added to it.
 *
 * @param again there may be more than one attempt
 */
export function prepare(config: Config, kind: Kind, policy: AxiosPolicy, again: boolean): Prepared {
  const method = (config.method ?? "get").toUpperCase();
  const idempotent = isIdempotent(method);
  const changes = { ...serializedOnce(config), ...(again && sameBody(config, kind)) };
  const url = urlOf({ ...config, ...changes });
  const headers = (): Headers => headersOf(config);
  let idempotencyKey: string | null = null;
  let isKeyRandom = false;
  if (!idempotent) {
    const own: unknown = config.headers.get("Idempotency-Key");
    const made = (): string | undefined =>
      keyFor(policy.idempotencyKey, () => ({ method, url: url?.href ?? "", headers: headers() }));
    // An empty one is none.
    const given = typeof own === "string" && own.trim() !== "";
    idempotencyKey = given ? own : (made() ?? null);
    isKeyRandom = !given && policy.idempotencyKey === true;
    if (idempotencyKey !== null) config.headers.set("Idempotency-Key", idempotencyKey);
  }
  const repeated = repetitionsIn(Object.fromEntries(config.headers) as Record<string, string>);
  const replayable = isReplayable(config.data);
  return {
    method,
    url,
    idempotent,
    idempotencyKey,
    isKeyRandom,
    replayable,
    repeated,
    headers,
    config,
    kind,
    changes,
  };
}

/** A serializer of the caller is asked once: it may give another answer each time. */
function serializedOnce({ paramsSerializer: own }: Config): Partial<Config> {
  const serialize = typeof own === "function" ? own : own?.serialize;
  if (serialize === undefined) return {};
  let query: string | undefined;
  const once: typeof serialize = (params, options) => (query ??= serialize(params, options));
  return { paramsSerializer: { ...(typeof own === "object" && own), serialize: once } };
}

/** What the body is now, whatever becomes of it. */
function sameBody(config: Config, kind: Kind): Partial<Config> {
  const form = formChanges(config, kind);
  if (form !== null) return form;
  const data = snapshot(config.data);
  return data === config.data ? {} : { data };
}

function urlOf(config: Config): URL | null {
  try {
    const { url = "", baseURL, params } = config;
    const whole = baseURL === undefined && params === undefined ? url : bare.getUri(config);
    return new URL(whole, globalThis.location?.href);
  } catch {
    return null;
  }
}

function text(value: unknown): string | null {
  return value === undefined || value === null || value === false ? null : String(value);
}

function headersOf(config: Config): Headers {
  const headers = new Headers();
  const put = (name: string, value: unknown): void => {
    try {
      if (text(value) !== null) headers.set(name, String(value));
    } catch {
      // axios takes out what may not be in a header.
    }
  };
  for (const [name, value] of config.headers) put(name, value);
  // The adapter will put it into a header; here it only has to tell one credential from another.
  const { username = "", password = "" } = config.auth ?? {};
  if (config.auth) put("authorization", `Basic ${encodeURIComponent(username)}:${encodeURIComponent(password)}`);
  return headers;
}

/** A stream can be read once, whoever made it: Node, the platform, or the package form-data. */
function isReplayable(data: unknown): boolean {
  if (typeof data !== "object" || data === null) return true;
  return !("pipe" in data || "getReader" in data || Symbol.asyncIterator in data);
}

/** The caller's signal and its cancel token in one; `null` without either. */
export interface Cancellation {
  readonly signal: AbortSignal | null;
  /** No listener is left behind. */
  release(): void;
}

/** Listens to what the caller may cancel with. */
export function cancellationOf({ signal: given, cancelToken: token }: Config): Cancellation {
  const signal = (given ?? null) as AbortSignal | null;
  if (!token) return { signal, release: () => {} };
  const both = new AbortController();
  const cancel = (reason: unknown): void => both.abort(reason);
  const abort = (): void => both.abort(signal!.reason);
  // An attempt of something that repeats already stays one.
  passMark(signal, both.signal);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  token.subscribe(cancel);
  return {
    signal: both.signal,
    release: () => {
      token.unsubscribe(cancel);
      signal?.removeEventListener("abort", abort);
    },
  };
}

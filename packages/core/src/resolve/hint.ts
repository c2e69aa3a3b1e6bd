import { own } from "./own.ts";
import type { HeaderMap } from "./headers.ts";
import { dateOf, waitOf } from "./retry-after.ts";

/** Where a wait can be read from. */
export interface HintSource {
  readonly headers: HeaderMap;
  /** The objects of the body, innermost first. */
  readonly objects: readonly object[];
  /** Text for people that may name a duration. */
  readonly text: string | null;
  readonly now: number;
}

const millisecondHeaders = ["retry-after-ms", "x-ms-retry-after-ms", "x-amz-retry-after", "grpc-retry-pushback-ms"];

/**
 * The wait the server asked for, in ms, from whatever it said it with; zero and negative for the past, `null` for
 * nothing readable. The first of these speaks: headers in ms, `Retry-After`, fields of the body, reset headers of a
 * bucket that is empty, the message, the cost of a GraphQL query.
 */
export function hintOf({ headers, objects, text, now }: HintSource): number | null {
  const field = (read: (of: object) => number | null): number | null => first(objects, read);
  return (
    first(millisecondHeaders, (name) => number(headers.get(name))) ??
    retryAfter(headers, now) ??
    field(retryInfo) ??
    field((of) => number(own(of, "retry_after_ms"))) ??
    field(secondsField) ??
    resets(headers, objects, now) ??
    rateLimit(headers.get("ratelimit")) ??
    (text === null ? null : spoken(text)) ??
    field(queryCost)
  );
}

function first<T>(from: readonly T[], read: (of: T) => number | null): number | null {
  for (const of of from) {
    const found = read(of);
    if (found !== null) return found;
  }
  return null;
}

function number(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && /^-?\d+(?:\.\d*)?$/.test(value) ? Number.parseFloat(value) : null;
}

function inSeconds(value: number | null): number | null {
  return value === null ? null : value * 1000;
}

function retryAfter(headers: HeaderMap, now: number): number | null {
  const value = headers.get("retry-after");
  if (value === undefined) return null;
  // The server counts by its own clock, and often tells it.
  return waitOf(value, dateOf(headers.get("date") ?? "", now) ?? now);
}

function retryInfo(of: object): number | null {
  const details = own(of, "details");
  return Array.isArray(details)
    ? first(details, (detail) => {
        const delay = own(detail, "retryDelay");
        return typeof delay === "string" ? duration(delay) : null;
      })
    : null;
}

function secondsField(of: object): number | null {
  return inSeconds(
    number(own(of, "retry_after")) ??
      number(own(of, "retryAfterSeconds")) ??
      number(own(own(of, "details"), "retryAfterSeconds")) ??
      number(own(own(of, "parameters"), "retry_after")) ??
      number(own(of, "estimated_time")),
  );
}

function resets(headers: HeaderMap, objects: readonly object[], now: number): number | null {
  let longest = resetIn(headers, now);
  for (const of of objects) {
    const passed = own(own(of, "metadata"), "headers");
    if (longest !== null || typeof passed !== "object" || passed === null) continue;
    longest = resetIn(
      new Map(Object.entries(passed).map(([name, value]) => [name.toLowerCase(), String(value)] as const)),
      now,
    );
  }
  return longest;
}

function resetIn(headers: HeaderMap, now: number): number | null {
  let longest: number | null = null;
  for (const [name, value] of headers) {
    if (!/rate-?limit/.test(name) || !/reset|retry-after/.test(name)) continue;
    const remaining = headers.get(name.replace(/reset-after|reset|retry-after/, "remaining"));
    if (remaining !== undefined && number(remaining) !== 0) continue;
    const wait = resetOf(value, now);
    if (wait !== null && (longest === null || wait > longest)) longest = wait;
  }
  return longest;
}

// Epoch milliseconds, epoch seconds, seconds from now, a Go duration or a date: told apart by size and form.
function resetOf(value: string, now: number): number | null {
  const plain = number(value);
  if (plain !== null) return plain > 1e11 ? plain - now : plain > 1e9 ? plain * 1000 - now : plain * 1000;
  const date = dateOf(value, now);
  return date === null ? duration(value) : date - now;
}

/** IETF drafts 7 (`limit=100, remaining=0, reset=37`) and 8 to 10 (`"name"; r=0; t=412`). */
function rateLimit(value: string | undefined): number | null {
  let longest: number | null = null;
  for (const bucket of value?.slice(0, 500).split(/,(?! *(?:remaining|reset)=)/) ?? []) {
    if (/\b(?:r|remaining)=0*[1-9]/.test(bucket)) continue;
    const seconds = /\b(?:t|reset)=(\d{1,12})/.exec(bucket)?.[1];
    if (seconds !== undefined) longest = Math.max(longest ?? 0, Number(seconds) * 1000);
  }
  return longest;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

/** A Go duration such as `6m0s`, `1.56s`, `120ms` or `1d2h`. */
function duration(text: string): number | null {
  if (!/^(?:\d{1,12}(?:\.\d{1,12})?(?:ms|[smhd]))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|[smhd])/g)) total += Number(amount) * units[unit!]!;
  return total;
}

const announced =
  /(?:try again in|retry in|resets in|please wait|retry after|timed out for) (?:about )?~?((?:\d{1,9}(?:\.\d{1,12})?(?:ms|[smhd]))+|\d{1,9}(?:\.\d{1,12})?)(?: ?(milli|sec|min|hour|day))?/i;

function spoken(text: string): number | null {
  const [, amount, word = ""] = announced.exec(text.slice(0, 8192)) ?? [];
  if (amount === undefined) return null;
  const unit = word.toLowerCase() === "milli" ? "ms" : word === "" ? "s" : word[0]!.toLowerCase();
  return duration(amount) ?? duration(amount + unit);
}

function queryCost(of: object): number | null {
  const cost = own(own(of, "extensions"), "cost");
  const status = own(cost, "throttleStatus");
  const wait =
    ((number(own(cost, "requestedQueryCost")) ?? NaN) - (number(own(status, "currentlyAvailable")) ?? NaN)) /
    (number(own(status, "restoreRate")) ?? NaN);
  return Number.isFinite(wait) ? wait * 1000 : null;
}

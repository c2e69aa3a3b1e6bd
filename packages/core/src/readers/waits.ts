import type { HeadersLike } from "../outcome.ts";
import { type HeaderMap, readHeaders } from "../resolve/headers.ts";
import { firstOf, numberIn } from "../resolve/judge.ts";
import { at, own } from "../resolve/own.ts";
import type { Reader } from "../resolve/reading.ts";
import { dateOf } from "../resolve/retry-after.ts";

/**
 * Reads a wait from wherever else a server can put it. The first of these speaks: fields of the body, reset headers of a
 * bucket that is empty, the message, the cost of a GraphQL query.
 */
export const waits: Reader = {
  waitIn(reading) {
    const { headers, objects, now } = reading;
    const field = (read: (of: object) => number | null): number | null => firstOf(objects, read);
    return (
      field(retryInfo) ??
      field((of) => numberIn(own(of, "retry_after_ms"))) ??
      field(secondsField) ??
      resetIn(headers, now) ??
      field((of) => resetIn(readHeaders(at(of, ["metadata", "headers"]) as HeadersLike), now)) ??
      rateLimit(headers.get("ratelimit") ?? "") ??
      spoken(reading.format === "html" ? reading.text : (reading.message ?? "")) ??
      field(queryCost)
    );
  },
};

function retryInfo(of: object): number | null {
  const details = own(of, "details");
  return Array.isArray(details) ? firstOf(details, (detail) => duration(own(detail, "retryDelay"))) : null;
}

const secondsPaths = [
  ["retry_after"],
  ["retryAfterSeconds"],
  ["details", "retryAfterSeconds"],
  ["parameters", "retry_after"],
  ["estimated_time"],
];

function secondsField(of: object): number | null {
  const seconds = firstOf(secondsPaths, (path) => numberIn(at(of, path)));
  return seconds === null ? null : seconds * 1000;
}

/** The longest wait for a bucket that is empty, or does not say how full it is. */
function resetIn(headers: HeaderMap, now: number): number | null {
  let longest: number | null = null;
  for (const [name, value] of headers) {
    if (!/rate-?limit.*(?:reset|retry-after)/.test(name)) continue;
    const remaining = headers.get(name.replace(/reset-after|reset|retry-after/, "remaining"));
    if (remaining !== undefined && numberIn(remaining) !== 0) continue;
    const wait = resetOf(value, now);
    if (wait !== null && (longest === null || wait > longest)) longest = wait;
  }
  return longest;
}

// Epoch milliseconds, epoch seconds, seconds from now, a Go duration or a date: told apart by size and form.
function resetOf(value: string, now: number): number | null {
  const plain = numberIn(value);
  if (plain !== null) return plain > 1e11 ? plain - now : plain > 1e9 ? plain * 1000 - now : plain * 1000;
  const date = dateOf(value);
  return date === null ? duration(value) : date - now;
}

/** IETF drafts 7 (`limit=100, remaining=0, reset=37`) and 8 to 10 (`"name"; r=0; t=412`). */
function rateLimit(value: string): number | null {
  const buckets = value
    .slice(0, 500)
    .split(/,(?! *(?:remaining|reset)=)/)
    .filter((bucket) => !/\b(?:r|remaining)=0*[1-9]/.test(bucket))
    .map((bucket) => Number(/\b(?:t|reset)=(\d{1,12})/.exec(bucket)?.[1] ?? -1) * 1000);
  const longest = Math.max(...buckets);
  return longest < 0 ? null : longest;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

/** A Go duration such as `6m0s`, `1.56s`, `120ms` or `1d2h`. */
function duration(text: unknown): number | null {
  if (typeof text !== "string" || !/^(?:\d{1,12}(?:\.\d{1,12})?(?:ms|[smhd]))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|[smhd])/g)) total += Number(amount) * units[unit!]!;
  return total;
}

function spoken(text: string): number | null {
  const [, amount, word = "s"] =
    /(?:try again in|retry in|resets in|please wait|retry after|timed out for) (?:about )?~?((?:\d{1,9}(?:\.\d{1,12})?(?:ms|[smhd]))+|\d{1,9}(?:\.\d{1,12})?)(?: ?(milli|sec|min|hour|day))?/i.exec(
      text.slice(0, 8192),
    ) ?? [];
  const unit = word.toLowerCase();
  return amount === undefined ? null : (duration(amount) ?? duration(amount + (unit === "milli" ? "ms" : unit[0])));
}

function queryCost(of: object): number | null {
  const cost = (...path: string[]): number => numberIn(at(of, ["extensions", "cost", ...path])) ?? Number.NaN;
  const wait =
    (cost("requestedQueryCost") - cost("throttleStatus", "currentlyAvailable")) / cost("throttleStatus", "restoreRate");
  return Number.isFinite(wait) ? wait * 1000 : null;
}

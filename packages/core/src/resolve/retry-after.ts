/**
 * Reads a `Retry-After` value strictly, as milliseconds from now, rounded up.
 *
 * Understands seconds (`5`, `1.5`, `30s`), the three HTTP-date forms (always as GMT), ISO 8601 dates, AWS's
 * `<date>, 7`, and lists (the largest counts). Anything else is refused: hexadecimal, exponents, signs, prefixes of
 * something longer. Zero and the past are `null` too: they ask for no wait.
 *
 * @param now milliseconds since 1970; for a date, the server's own `Date` header is the better clock
 * @see RFC 9110 §10.2.3 (Retry-After) and §5.6.7 (HTTP-date)
 */
export function parseRetryAfter(value: string, { now = Date.now() }: { readonly now?: number } = {}): number | null {
  return positive(waitOf(value, now));
}

/** The wait, or `null` if it is none. */
export function positive(ms: number | null): number | null {
  return ms !== null && ms > 0 && ms < Number.MAX_SAFE_INTEGER ? Math.ceil(ms) : null;
}

/** Milliseconds, zero and negative for the past; `null` when unreadable. */
export function waitOf(value: string, now: number): number | null {
  // AWS appends the seconds to the date; a header sent twice arrives as a list.
  const [first = "", ...rest] = value
    .slice(0, 100)
    .trim()
    .split(/ *, *(?=[\d.]+s?(?:$| *,))/);
  const date = dateOf(first);
  const waits = rest.map(secondsOf);
  if (date === null) waits.push(secondsOf(first));
  else if (rest.length === 0) waits.push(date - now);
  return finite(Math.max(...waits));
}

function secondsOf(text: string): number {
  return /^\d+(?:\.\d*)?s?$/.test(text) ? Number.parseFloat(text) * 1000 : Number.NaN;
}

const iso = /^\d{4}-\d\d-\d\dT[\d:.]{5,18}(?:Z|[+-][\d:]{4,5})$/;
// `Sun, 22 Nov 2026 12:00:30 GMT`, `Sunday, 22-Nov-26 12:00:30 GMT`, `Sun Nov 22 12:00:30 2026`
const http = /^[A-Z][a-z]{2,8},? [\w -]{6,11} \d\d:\d\d:\d\d (?:GMT|\d{4})$/;

/** Milliseconds since 1970, or `null` when it is no HTTP-date and no ISO 8601 date with a zone. */
export function dateOf(text: string): number | null {
  if (iso.test(text)) return finite(Date.parse(text));
  if (!http.test(text)) return null;
  // A leap second is the last one of its minute; the oldest form names no zone.
  const ms = Date.parse(`${text.replace(":60 ", ":59 ").replace(" GMT", "")} GMT`);
  // A day that the month does not have ran over into the next one.
  return new Date(ms).getUTCDate() === Number(/\d+/.exec(text)) ? ms : null;
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}

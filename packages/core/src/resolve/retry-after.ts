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
  const text = value.slice(0, 100).trim();
  const seconds = secondsOf(text);
  if (seconds !== null) return seconds;
  const date = dateOf(text, now);
  if (date !== null) return date - now;
  const comma = text.lastIndexOf(",");
  if (comma < 0) return null;
  // AWS appends the seconds to the date; a header sent twice arrives as a list.
  const last = secondsOf(text.slice(comma + 1).trim());
  if (last === null) return null;
  const rest = text.slice(0, comma);
  return dateOf(rest.trim(), now) === null ? larger(last, waitOf(rest, now)) : last;
}

function larger(a: number, b: number | null): number | null {
  return b === null ? null : Math.max(a, b);
}

function secondsOf(text: string): number | null {
  return /^\d+(?:\.\d*)?s?$/.test(text) ? Number.parseFloat(text) * 1000 : null;
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
const forms: readonly RegExp[] = [
  // IMF-fixdate, RFC 850, asctime: each as day, month, year, time or in the order given by its names
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;

/** Milliseconds since 1970, or `null` when it is no HTTP-date and no ISO 8601 date with a zone. */
export function dateOf(text: string, now: number): number | null {
  if (iso.test(text)) return finite(Date.parse(text));
  for (const form of forms) {
    const parts = form.exec(text)?.groups;
    if (parts === undefined) continue;
    const { day = "", month = "", year = "", time = "" } = parts;
    const index = months.indexOf(month);
    if (index % 3 !== 0) return null;
    const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number);
    // A leap second is the last one of its minute.
    if (hour > 23 || minute > 59 || second > 60) return null;
    const at = (full: number): number => Date.UTC(full, index / 3, Number(day), hour, minute, Math.min(second, 59));
    if (year.length === 4) return real(at(Number(year)), Number(day));
    // RFC 9110: a two-digit year more than 50 years ahead is the most recent past year with these digits.
    const century = new Date(now).getUTCFullYear();
    const guess = century - (century % 100) + Number(year);
    return real(at(guess > century + 50 ? guess - 100 : guess), Number(day));
  }
  return null;
}

function real(ms: number, day: number): number | null {
  return new Date(ms).getUTCDate() === day ? ms : null;
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}

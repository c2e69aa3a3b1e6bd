const MAX_INPUT = 65_536;
const DEFAULT_LENGTH = 2000;

/** How much of a redacted text is kept. */
export interface RedactOptions {
  /** The longest result, in UTF-16 code units; 2000 unless given, 65 536 at most. */
  readonly maxLength?: number | undefined;
}

/**
 * Gives a text that may be shown: secrets and internals become short tags, control and invisible characters are gone,
 * and what is too long ends with "…".
 *
 * - `[key]` API keys, whole or masked; `[secret]` tokens, passwords, cookies, signatures, hashes, long random strings
 * - `[email]`, `[ip]` private addresses, `[host]` internal names, `[path]` files and stack frames
 * - `[org]` organizations, teams, workspaces and accounts; `[project]`; `[arn]` AWS resources
 *
 * Model names, limits, waits, dates, public URLs and request ids stay. Detection goes by shape and by label, so a secret
 * with neither gets through: add what you know yourself. Redacting twice changes nothing. Takes linear time, reads
 * 64 KiB at most, never throws; what is not a string is converted, and "" when that fails.
 */
export function redact(text: string, options?: RedactOptions): string {
  let rest: string;
  let limit = DEFAULT_LENGTH;
  try {
    rest = String(text ?? "");
    const wanted = Math.trunc(options?.maxLength ?? DEFAULT_LENGTH);
    if (wanted >= 1) limit = Math.min(wanted, MAX_INPUT);
  } catch {
    return "";
  }
  // What shrinks more than eightfold is secrets all over. A word that the cut goes through may be half a secret, too
  // short to be known as one.
  const end = Math.min(8 * limit + 1000, MAX_INPUT);
  let cut = rest.length > end;
  if (cut) rest = rest.slice(0, end - 999) + rest.slice(end - 999, end).replace(/\S+$/, "");
  rest = rest.replace(invisible, "");
  // The ellipsis stands aside, so that a text that was cut reads the same the second time.
  if (rest.endsWith("…")) {
    cut = true;
    rest = rest.slice(0, -1);
  }
  // Until nothing changes, because what one rule leaves may be what another looks for. Two rounds are usual.
  for (let round = 0, before; before !== rest; round++) {
    // A text that takes so many was made to; nothing of it is worth the time.
    if (round === 9) return "…";
    before = rest;
    for (const [pattern, replacement] of rules) rest = rest.replace(pattern, replacement);
    rest = rest.replace(random, (word) => (/(?=[a-z]{0,15}\d)[a-z\d]{16}/i.test(word) ? "[secret]" : word));
    cut ||= rest.length > limit;
    // Neither half a surrogate pair nor half a tag is left at the end.
    if (rest.length > limit - Number(cut)) rest = rest.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$|\[[a-z]*$/, "");
  }
  return cut ? `${rest}…` : rest;
}

// Escape sequences whole; then whatever controls, formats or reorders text.
// oxlint-disable-next-line no-control-regex -- they are what it takes out
const invisible = /\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B\n]*)|(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

// Every pattern takes linear time: it starts at a literal or where a run of its characters starts, and repeats either a
// bounded number of times or with only one way to match. The order matters: labels come after known shapes.
const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // User and password in a URL
  [/(?<=:\/\/)[^\s/?#"]+@/g, "[secret]@"],
  // Private keys; keys with a known prefix, whole or masked; AWS key ids; fal's id and secret; other masked keys
  [
    /-----BEGIN [^-]+-----[^-]+|(?<![A-Za-z\d])(?:(?:[a-z]?[aprs]k[-_]|r8_|hf_|xai-|AIza|nvapi-|tgp_|gh[a-z]_|github_|glpat-|xox[a-z]-|SG\.)(?:[\w-]{16}|[\w-]{0,15}?(?:[\d*…]|\.\.))[\w.*…-]*\w|pplx-\w{16,}|A[KS]IA[A-Z\d]{12,}|[\da-f]{8}-[\da-f-]{27}:[\da-f]{32})|(?<![\w*-])(?:[\w-]{2,24}|\*)\*{3,}\w+/g,
    "[key]",
  ],
  [/\b([Bb]earer|[Bb]asic) +(?=\S*(?:[\d=]|[a-z][A-Z]))[^\s"'`,;<)]+/g, "$1 [secret]"],
  // A label, then a value: in quotes (escaped ones too), to the end of the line (cookies), or one word
  [
    /((?:(?:api|access|account|private|[-_]) ?key(?: provided|[-_]?id)?|passw(?:or)?d|pwd|passphrase|secret|token|credentials?|signature|authorization|cookie|(?<=[?&;]|u0026)(?:key|sig|s[eprtv]))\\{0,3}["']?\s{0,3}(?:[:=]>?\s{0,3}|>))(?:(\\{0,3}["'`])(?:(?!\2)\\?.)+|(?<=cookie\W{1,12}).+|(?:(?<=authorization\W{1,12})[\w-]+ +)?[^\s"'`&,;<>]*[^\s"'`&,;<>.)}])/gi,
    "$1$2[secret]",
  ],
  // An AWS secret near its name or its key id
  [/((?:secret|\[key]).{0,24}?)(?<![\w+/])[\w+/]{40}(?![\w+/=])/gi, "$1[secret]"],
  [/(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}/gi, "[email]"],
  // Stack frames; files under the usual roots; source files with a line and column
  [/\bat (?:async |new )?[^\s()]+ ?\([^\s()]*:\d+\)/g, "at [path]"],
  [
    /(?:file:\/\/|node:internal\/|(?<![\w.~/-])\/(?:srv|home|Users|var|usr|opt|app|root|tmp|etc|mnt|go)\/|\b[A-Za-z]:\\+(?=\w))[^\s"'`()<>,;]*[^\s"'`()<>,;.:]|(?<![^\s"'`()<>,;=])[^\s"'`()<>,;=]+\.[a-z]+(?::\d+:(?:\d+|in)|(?=", line \d))/g,
    "[path]",
  ],
  [/arn:aws[\w-]*:(?!bedrock:[\w-]*::f)[^\s"'`(),;]*\w/g, "[arn]"],
  [
    /(?:(?<![\w.])(?:(?:0|10|127)\.\d{1,3}|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(?:\.\d{1,3}){2}(?!\.?\d)|(?<![\w:.])(?:::1(?!\w)|f(?:[cd][\da-f]|e[89ab])[\da-f]:[\da-f:]*:[\da-f:]*))(?::\d{1,5})?/gi,
    "[ip]",
  ],
  // Names under internal domains, and names without a dot where only a host can stand
  [
    /(?<![\w.-])(?:(?:[\w-]+\.)+(?:internal|local|corp|lan|svc)(?:\.[\w-]+)*|localhost|ip(?:-\d{1,3}){4}|(?<=:\/\/|]@|ENOTFOUND |EAI_AGAIN )[\w-]+(?!\.))(?![\w-])(?::\d{1,5})?/gi,
    "[host]",
  ],
  [
    /((?<![a-z])(?:org|organization|team|workspace|account|tenant|subscription)s?(?:[-_ ]id)?\W{1,4})(?:(?<=[ :=\\][`"'])[^`"'\n]{1,99}|[\da-f]{8}-[\da-f-]{27}|\d{12}(?!\d))|\b(?:org[-_]|acct_|user_|wrkspc_)[a-z]{0,15}\d\w{4,}/gi,
    "$1[org]",
  ],
  [
    /((?:projects|resourceGroups)\/|\bproject(?:[-_ ](?:number|id|name))?\W{1,4}(?=[\w-]*\d)(?=[\w-]{4}))[\w.:-]*\w|\bproj_\w{6,}/gi,
    "$1[project]",
  ],
];

// JSON web tokens, and whatever else is long and no request id; a slug of words is told apart afterwards
const random = /(?<![\w+-])(?=eyJ[\w-]{8}|[\w+-]{32})(?<!request.?id\W{0,4})(?!req_|err_)[\w+-]+(?:[./=]+[\w+-]+)*=*/gi;

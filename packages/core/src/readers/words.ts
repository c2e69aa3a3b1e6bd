import type { Sense } from "../resolve/dialect.ts";

// Codes are made of few words, in every API. The first that is found speaks, so the more specific ones stand first.
const rows: readonly (readonly [Sense, RegExp])[] = [
  [
    "content_policy",
    /policyviolation|(?:content|usage|bio|cyber)policy|moderat|safety|contentfilter|flagged|sensitive|inspection|refusal|(?:prompt|content|response)blocked/,
  ],
  ["payload_too_large", /(?:request|payload|body|entity)\w*toolarge/],
  ["context_length", /context(?:length|window|size)|(?:maxtokens|tokenlimit)exceeded/],
  ["timeout", /(?<!invalid)timeout|timedout|deadlineexceeded/],
  ["rate_limit?", /ratelimit|toomany(?:request|concurrent)|throttl|slowdown|concurrencylimit/],
  ["overloaded", /overload|busy|capacity/],
  ["quota_exhausted?", /quota|spendlimit|usagelimit|hardlimit|budget/],
  [
    "payment_required",
    /insufficient(?:balance|credit|fund)|payment|billing|notenough(?:balance|credit)|arrear|creditbalance|outofcredit/,
  ],
  ["method_not_allowed", /methodnotallowed/],
  // SOAP reports the caller's mistakes with 500.
  ["bad_request", /^(?:s|env|soap\w{0,3})(?:client|sender)$/],
  [
    "permission?",
    /permission|forbidden|access(?:denied|not)|not(?:authorized|allowed)|restricted|(?:missing|insufficient)scope|suspended|unsupportedcountry|disabled|deactivated|blocked/,
  ],
  [
    "authentication",
    /authenti|authed|^auth$|unauth|needsauth|invalid(?:api|access)?key|apikey|credential|signature|login|invalid(?:auth|token|grant|client|session)|(?:token|session)(?:expired|revoked)|expiredtoken/,
  ],
  ["not_found", /notfound|nosuch|retired/],
  ["conflict?", /conflict|alreadyexists|inuse|idempotency/],
  ["unprocessable~", /unprocess/],
  ["client_closed~", /cancel|clientclosed/],
  ["unavailable~", /unavailable|tryagain/],
  ["upstream~", /upstream|gateway|dependency/],
  ["internal~", /internal|server|^api$|fatal|backend|^unknown$|dataloss/],
  [
    "bad_request~",
    /invalid|bad|missing|malformed|required|unsupported|validation|mismatch|syntax|parse|empty|toolarge|toosmall|download|^client$|user$/,
  ],
];

/** What the words of a code or a sentence suggest, given as {@link plain} text. */
export function byWords(letters: string): Sense | undefined {
  return rows.find(([, pattern]) => pattern.test(letters))?.[0];
}

/** Small letters and digits of any script, and nothing between them. */
export function plain(text: string): string {
  return text
    .slice(0, 300)
    .toLowerCase()
    .replace(/[\0-/:-@[-`{-~]+/g, "");
}

/** One spelling for `RateLimitReached`, `rate_limit_reached` and `https://…/rate-limit-reached-error`. */
export function spell(code: string): string {
  return plain(code.slice(code.lastIndexOf("/") + 1)).replace(/(?:exception|error)$/, "");
}

import type { Kind } from "../catalog/catalog.ts";

/** How much a code proves: `vague` yields to a message pattern, `weak` to an error status too. */
export type Weight = "strong" | "vague" | "weak";

// Codes are made of few words, in every API. The first that is found speaks, so the more specific ones stand first.
const rows: readonly (readonly [Kind, Weight, RegExp])[] = [
  [
    "content_policy",
    "strong",
    /policyviolation|(?:content|usage|bio|cyber)policy|moderat|safety|contentfilter|flagged|sensitive|inspection|refusal/,
  ],
  ["context_length", "strong", /context(?:length|window|size)|(?:maxtokens|tokenlimit)exceeded/],
  ["timeout", "strong", /(?<!invalid)timeout|timedout|deadlineexceeded/],
  ["rate_limit", "vague", /ratelimit|toomany(?:request|concurrent)|throttl|slowdown|concurrencylimit/],
  ["overloaded", "strong", /overload|busy|capacity/],
  ["quota_exhausted", "vague", /quota|spendlimit|usagelimit|hardlimit|budget/],
  [
    "payment_required",
    "strong",
    /insufficient(?:balance|credit|fund)|payment|billing|notenough(?:balance|credit)|arrear|creditbalance|outofcredit/,
  ],
  [
    "permission",
    "vague",
    /permission|forbidden|access(?:denied|not)|notauthorized|restricted|(?:missing|insufficient)scope|suspended|unsupportedcountry/,
  ],
  [
    "authentication",
    "strong",
    /authenti|unauth|invalid(?:api)?key|apikey|credential|signature|invalid(?:auth|token|grant|client)|(?:token|session)(?:expired|revoked)|expiredtoken/,
  ],
  ["not_found", "strong", /notfound|nosuch/],
  ["method_not_allowed", "strong", /methodnotallowed/],
  ["client_closed", "weak", /cancel|clientclosed/],
  ["unavailable", "weak", /unavailable|tryagain/],
  ["upstream", "weak", /upstream|gateway|dependency/],
  ["internal", "weak", /internal|server|^api$|fatal|backend|^unknown$|dataloss/],
  [
    "bad_request",
    "weak",
    /invalid|bad|missing|malformed|required|unsupported|validation|mismatch|syntax|parse|empty|toolarge|toosmall|download/,
  ],
];

/** What the words of a code or a sentence suggest, given as {@link plain} text. */
export function byWords(letters: string): readonly [Kind, Weight, RegExp] | undefined {
  return rows.find(([, , pattern]) => pattern.test(letters));
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

import type { Kind } from "./catalog.ts";

/**
 * One spelling for `RateLimitReached`, `rate_limit_reached` and `https://…/rate-limit-reached-error`: small letters, no
 * punctuation, no path, no `Error` or `Exception` at the end.
 */
export function spell(code: string): string {
  return code
    .slice(code.lastIndexOf("/") + 1)
    .slice(0, 300)
    .toLowerCase()
    .replace(/[ -/:-@[-`{-~]+/g, "")
    .replace(/(?:exception|error)$/, "");
}

// Codes are made of few words, in every API. The first that is found speaks, so the more specific ones stand first.
const vague: readonly (readonly [Kind, RegExp])[] = [
  ["content_policy", /policy|moderat|safety|contentfilter|flagged|prohibitedcontent|sensitive|inspection|refusal|recitation/],
  ["context_length", /context(?:length|window|size)|(?:maxtokens|tokenlimit)exceeded/],
  ["timeout", /timeout|timedout|deadlineexceeded/],
  ["rate_limit", /ratelimit|toomany|throttl|slowdown|concurrency/],
  ["overloaded", /overload|busy|capacity/],
  ["quota_exhausted", /quota|spendlimit|usagelimit|hardlimit|budget/],
  [
    "payment_required",
    /insufficient(?:balance|credit|fund)|payment|billing|notenough|arrear|creditbalance|outofcredit/,
  ],
  [
    "permission",
    /permission|forbidden|access(?:denied|not)|notauthorized|restricted|scope|suspended|unsupportedcountry/,
  ],
  [
    "authentication",
    /authenti|unauth|invalid(?:api)?key|apikey|credential|signature|invalid(?:auth|token|grant|client)|(?:token|session)(?:expired|revoked)|expiredtoken/,
  ],
  ["not_found", /notfound|nosuch/],
  ["method_not_allowed", /methodnotallowed/],
];
const weak: readonly (readonly [Kind, RegExp])[] = [
  ["client_closed", /cancel|clientclosed/],
  ["unavailable", /unavailable|tryagain/],
  ["upstream", /upstream|gateway|dependency/],
  ["internal", /internal|server|^api$|fatal|backend|^unknown$|dataloss/],
  ["bad_request", /invalid|bad|missing|malformed|required|unsupported|validation|mismatch|syntax|parse/],
];

/** The kind that the words of a code or a sentence suggest, and whether that outweighs an error status. */
export function kindByWords(spelled: string): readonly [Kind, "vague" | "weak"] | undefined {
  for (const [kind, pattern] of vague) if (pattern.test(spelled)) return [kind, "vague"];
  for (const [kind, pattern] of weak) if (pattern.test(spelled)) return [kind, "weak"];
  return undefined;
}

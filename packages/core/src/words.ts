import type { Kind } from "./catalog.ts";

const kinds: readonly (readonly [Kind, RegExp])[] = [
  ["content_policy", /moderat|flagged|safety|content.?polic|prohibited|sensitive/],
  ["timeout", /time[ds]?[ _-]?out|deadline/],
  ["rate_limit", /rate.?limit|too.?many.?requests|throttl/],
  ["overloaded", /overload|too busy|capacity/],
  ["payment_required", /insufficient.?(?:balance|credit|fund)|not enough credit|payment/],
  ["quota_exhausted", /quota|usage.?limit/],
  ["authentication", /auth(?:entication|_|\b)|unauthorized|api.?key|sign(?:ed)?.?in|log(?:ged)?.?in/],
  ["permission", /permission|forbidden|access.?denied|not.?allowed/],
  ["not_found", /not.?found/],
  ["unavailable", /unavailable|try again/],
  ["internal", /internal/],
  ["bad_request", /invalid|missing|malformed|required|unsupported/],
];

/** The kind that words suggest: for codes and messages nobody knows, where not even a status says anything. */
export function kindByWords(text: string): Kind | null {
  const lower = text.slice(0, 500).toLowerCase();
  return kinds.find(([, pattern]) => pattern.test(lower))?.[0] ?? null;
}

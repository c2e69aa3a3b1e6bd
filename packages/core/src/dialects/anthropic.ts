import type { Dialect } from "../resolve/dialect.ts";

/** @see https://docs.claude.com/en/api/errors */
export const anthropic: Dialect = {
  name: "anthropic",
  labels: "anthropic.com claude",
  headers: "anthropic",
  fields: "type=error&request_id=req_",
  codes: {
    permission: "organization_on_hold",
    "conflict+":
      "concurrent_membership_change external_key_changed scan_pending external_key_validation_timed_out thread_continue_in_flight",
  },
  messages: [
    ["payment_required", /^Your credit balance is too low/],
    [
      "quota_exhausted",
      /^You have reached your specified API usage limits|^spend limit reached|^(?:This request would exceed|You have (?:reached|exceeded)) your .{0,60}spend/,
    ],
    ["context_length", /^prompt is too long|^input length and `max_tokens` exceed/],
    ["content_policy", /^Output blocked by content filtering/],
  ],
};

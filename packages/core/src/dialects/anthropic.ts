import type { Dialect } from "../resolve/dialect.ts";

/** @see https://docs.claude.com/en/api/errors */
export const anthropic: Dialect = {
  name: "anthropic",
  labels: "anthropic-gateway claude",
  headers:
    "anthropic-organization-id anthropic-workspace-id anthropic-ratelimit-requests-limit anthropic-ratelimit-tokens-limit anthropic-ratelimit-input-tokens-limit anthropic-ratelimit-output-tokens-limit",
  fields: "type=error&request_id=req_",
  codes: {
    permission: "organization_on_hold user_profile* cmek_key_disabled",
    payment_required: "linked_organization_spend_limit_reached",
    "conflict+":
      "concurrent_membership_change external_key_changed scan_pending external_key_validation_timed_out thread_continue_in_flight",
    conflict: "plugin_name_taken",
    payload_too_large: "request_too_large request_body_too_large_after_decoding",
    not_found: "file_expired",
    rate_limit: "ramp_limit_exceeded",
    unavailable: "cmek_context_unavailable cmek_key_unreachable",
    overloaded: "compaction_unavailable",
  },
  messages: [
    ["payment_required", /^Your credit balance is too low/],
    [
      "quota_exhausted",
      /^You have reached your specified API usage limits|^spend limit reached|^(?:This request would exceed your|You have (?:reached|exceeded) your) .{0,60}spend/,
    ],
    ["context_length", /^prompt is too long|^input length and `max_tokens` exceed context limit/],
    ["content_policy", /^Output blocked by content filtering policy/],
  ],
};

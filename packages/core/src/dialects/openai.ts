import type { Dialect } from "../dialect.ts";

/**
 * OpenAI, and the words that most APIs of its shape share.
 *
 * @see https://platform.openai.com/docs/guides/error-codes
 */
export const openai: Dialect = {
  name: "openai",
  headers: "openai-organization openai-processing-ms openai-version",
  text: /https:\/\/(?:platform|help)\.openai\.com/,
  codes: {
    authentication:
      "invalid_api_key authentication invalid_authentication unauthorized invalid_token invalid_credentials missing_api_key expired_token ?token_expired",
    permission:
      "permission permission_denied access_denied unsupported_country_region_territory request_forbidden missing_scope ip_not_authorized organization_restricted account_deactivated ?forbidden",
    context_length: "context_length_exceeded max_tokens_exceeded token_limit_exceeded context_window_exceeded",
    content_policy:
      "content_policy_violation content_policy moderation_blocked content_filter content_moderation bio_policy cyber_policy misalignment_policy_violation image_content_policy_violation refusal",
    not_found: "model_not_found not_found deployment_not_found model_retired",
    payload_too_large: "payload_too_large request_too_large request_entity_too_large",
    payment_required:
      "billing_not_active credit_balance_exhausted payment_required billing insufficient_funds insufficient_balance insufficient_credits",
    quota_exhausted:
      "insufficient_quota billing_hard_limit_reached organization_spend_limit_exceeded project_spend_limit_exceeded organization_usage_limit_exceeded quota_exceeded ?quota budget_exceeded budget_exhausted",
    rate_limit:
      "?rate_limit_exceeded ?rate_limit ?rate_limited slow_down ?too_many_requests throttling throttled concurrency_limited",
    overloaded: "server_is_overloaded overloaded engine_overloaded system_busy capacity_exceeded",
    conflict: "?conflict",
    "conflict+": "conversation_locked",
    unavailable: "unavailable ?service_unavailable",
    timeout: "timeout ?vector_store_timeout request_timeout",
    client_closed: "client_closed",
    method_not_allowed: "method_not_allowed",
    unprocessable: "~unprocessable ~unprocessable_entity",
    internal: "~server ~api ~internal ~internal_server",
    upstream: "~cf_bad_gateway ~bad_gateway ~upstream ~failed_dependency",
    bad_request:
      "~invalid_request ?invalid_prompt unsupported_parameter unsupported_value invalid_value invalid_type missing_required_parameter unknown_parameter decimal_above_max_value decimal_below_min_value integer_above_max_value integer_below_min_value string_above_max_length string_below_min_length array_above_max_length invalid_image invalid_image_format invalid_base64_image invalid_image_url image_too_large image_too_small image_parse invalid_image_mode image_file_too_large unsupported_image_media_type empty_image_file failed_to_download_image image_file_not_found data_residency_mismatch tool_use_failed ~bad_request ~validation ~client ~image_generation_user",
  },
  messages: [
    ["payload_too_large", /^Request too large/],
    [
      "overloaded",
      /^(?:That model is|The model is|The engine is|Our servers are) currently overloaded|^(?:The )?(?:Service|Server) is (?:too )?busy/i,
    ],
    [
      "context_length",
      /^(?:This model's maximum context length is|Your input exceeds the context window|Please reduce the length of|Input validation error: `inputs` (?:tokens|must have less than)|The input \(\d+ tokens\) is longer|request \(\d+ tokens\) exceeds the available context|prompt is too long|Prompt too long|Input is too long)/i,
    ],
    [
      "content_policy",
      /violat\w{0,8} (?:our |the )?(?:usage|content) polic|our usage polic|^Your request was rejected (?:by|as a result of) (?:the|our) safety system/i,
    ],
    ["permission", /^(?:You have insufficient permissions|Your request IP is not authorized|Your IP is not authorized)|Missing scopes: /],
    ["quota_exhausted", /^You exceeded your current quota, please check your plan/],
    ["authentication", /^(?:Incorrect API key|Invalid API key|You didn't provide an API key)/i],
  ],
};

/** Any API that answers in OpenAI's envelope, when nothing tells which. */
export const openaiCompatible: Dialect = { name: "openai-compatible", labels: "vllm", fields: "error.param object=error&type&param error.type=tokens error.type=requests", like: openai };

import type { Kind } from "../catalog/kinds.ts";

/** The type of a problem is this and the kind. */
export const URN = "urn:failwell:error:";

/** The type that OpenAI and Anthropic share for whatever the caller did wrong. */
export const INVALID = "invalid_request_error";

/** The code that users of OpenAI's SDKs switch on, one for each kind; then the type, where it is not the usual one. */
export const openai: Readonly<Record<Kind, readonly [code: string | null, type?: string]>> = {
  bad_request: [null],
  authentication: ["invalid_api_key"],
  payment_required: ["billing_not_active", "billing_not_active"],
  permission: ["insufficient_permissions"],
  not_found: ["model_not_found"],
  method_not_allowed: ["method_not_supported"],
  conflict: ["conflict"],
  payload_too_large: ["request_too_large"],
  unprocessable: ["unprocessable_entity"],
  rate_limit: ["rate_limit_exceeded", "rate_limit_error"],
  quota_exhausted: ["insufficient_quota", "insufficient_quota"],
  content_policy: ["content_policy_violation"],
  context_length: ["context_length_exceeded"],
  client_closed: ["client_closed_request"],
  timeout: ["request_timeout"],
  internal: ["server_error"],
  upstream: ["upstream_error"],
  overloaded: ["server_is_overloaded", "service_unavailable_error"],
  unavailable: ["service_unavailable", "service_unavailable_error"],
  network: ["connection_error"],
  unknown: ["unknown_error"],
};

/** Where Anthropic has no type of the same name as ours: the nearest one. */
export const anthropic: { readonly [K in Kind]?: string } = {
  method_not_allowed: INVALID,
  conflict: INVALID,
  payload_too_large: "request_too_large",
  unprocessable: INVALID,
  quota_exhausted: "billing_error",
  content_policy: INVALID,
  context_length: INVALID,
  client_closed: INVALID,
  upstream: "api_error",
  unavailable: "overloaded_error",
  network: "api_error",
  unknown: "api_error",
};

/** What others write for the same. */
export const aliases: Readonly<Record<string, Kind>> = {
  server_error: "internal",
  service_unavailable_error: "unavailable",
  unknown_url: "not_found",
};

import type { Dialect } from "../resolve/dialect.ts";
import { openai } from "./openai.ts";

/** @see https://openrouter.ai/docs/api-reference/errors */
export const openrouter: Dialect = {
  name: "openrouter",
  headers: "x-openrouter-request-id",
  fields: "openrouter_metadata error.metadata",
  text: /https:\/\/openrouter\.ai\//,
  codes: {
    rate_limit: "@in_flight_budget_exhausted",
    payment_required: "weight_exceeds_budget",
    quota_exhausted: "openrouter_key_limit key_limit",
    upstream: "~provider_unavailable ~unmapped",
    context_length: "?string_too_long",
  },
  messages: [
    ["content_policy", /requires moderation on|^Your input was flagged/],
    ["timeout", /^Request timed out/],
  ],
  like: openai,
};

/** @see https://docs.litellm.ai/docs/exception_mapping */
export const litellm: Dialect = {
  name: "litellm",
  headers: "x-litellm-call-id x-litellm-version",
  text: /^litellm\./,
  gateway: "api",
  codes: {
    authentication: "token_not_found_in_db auth expired_key",
    unavailable: "no_db_connection",
  },
  messages: [
    ["quota_exhausted", /^(?:litellm\.BudgetExceededError|Budget has been exceeded|ExceededBudget)/],
    ["context_length", /^litellm\.(?:BadRequestError: )?(?:litellm\.)?ContextWindowExceededError/],
    ["content_policy", /^litellm\.(?:BadRequestError: )?(?:litellm\.)?ContentPolicyViolationError/],
    ["timeout", /^litellm\.Timeout/],
    ["rate_limit", /^No deployments available for selected model/],
  ],
  like: openai,
};

/** @see https://portkey.ai/docs/api-reference/inference-api/error-codes */
export const portkey: Dialect = {
  name: "portkey",
  labels: "prisma-airs",
  headers: "x-portkey-gateway-exception x-portkey-trace-id x-portkey-provider x-portkey-retry-attempt-count",
  gateway: "api",
  codes: { quota_exhausted: "412", content_policy: "446" },
  messages: [["upstream", /^Message: .{1,200}Cause: /s]],
  like: openai,
};

/** @see https://vercel.com/docs/ai-gateway */
export const vercelGateway: Dialect = {
  name: "vercel-ai-gateway",
  fields: "generationId=gen_",
  gateway: "api",
  like: openai,
};

import type { Dialect } from "../resolve/dialect.ts";
import { openai } from "./openai.ts";

/** @see https://openrouter.ai/docs/api-reference/errors */
export const openrouter: Dialect = {
  name: "openrouter",
  labels: "openrouter.ai",
  headers: "x-openrouter",
  fields: "openrouter_metadata error.metadata",
  text: /\/openrouter\.ai\//,
  codes: {
    "rate_limit@": "in_flight_budget_exhausted",
    quota_exhausted: "*key_limit",
    "upstream~": "unmapped",
    upstream: "provider_unavailable",
    "context_length?": "string_too_long",
  },
  messages: [["content_policy", /requires moderation on|^Your input was flagged/]],
  like: openai,
};

/** @see https://docs.litellm.ai/docs/exception_mapping */
export const litellm: Dialect = {
  name: "litellm",
  headers: "x-litellm",
  text: /^litellm\./,
  gateway: "api",
  codes: {
    authentication: "token_not_found_in_db expired_key",
  },
  messages: [
    ["quota_exhausted", /^(?:litellm\.BudgetExceededError|Budget has been exceeded|ExceededBudget)/],
    ["context_length", /^litellm\.(?:BadRequestError: litellm\.)?ContextWindowExceeded/],
    ["content_policy", /^litellm\.(?:BadRequestError: litellm\.)?ContentPolicyViolation/],
  ],
  like: openai,
};

/** @see https://portkey.ai/docs/api-reference/inference-api/error-codes */
export const portkey: Dialect = {
  name: "portkey",
  labels: "portkey.ai prisma-airs",
  headers: "x-portkey",
  gateway: "api",
  codes: { quota_exhausted: "412", content_policy: "446" },
  messages: [["upstream", /^Message: .{1,200}Cause: /s]],
  like: openai,
};

/** @see https://vercel.com/docs/ai-gateway */
export const vercelGateway: Dialect = {
  name: "vercel-ai-gateway",
  labels: "ai-gateway.vercel.sh",
  fields: "generationId=gen_",
  gateway: "api",
  like: openai,
};

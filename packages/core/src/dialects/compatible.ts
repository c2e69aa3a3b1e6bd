import type { Dialect } from "../resolve/dialect.ts";
import { openai } from "./openai.ts";

// Providers that answer in OpenAI's shape, or nearly, with codes that mean something of their own.

/** @see https://console.groq.com/docs/errors */
export const groq: Dialect = {
  name: "groq",
  headers: "x-groq-region",
  fields: "x_groq",
  text: /https:\/\/console\.groq\.com/,
  codes: {
    overloaded: "498",
  },
  like: openai,
};

export const together: Dialect = {
  name: "together",
  labels: "together-ai togetherai",
  text: /https:\/\/api\.together\./,
  like: openai,
};

export const cerebras: Dialect = {
  name: "cerebras",
  fields: "type=too_many_tokens",
  headers: "x-ratelimit-reset-tokens-minute x-ratelimit-limit-tokens-minute x-ratelimit-limit-requests-day",
  codes: { rate_limit: "?token_quota_exceeded ?request_quota_exceeded" },
  messages: [["quota_exhausted", /^(?:Tokens|Requests) per day/i]],
  like: openai,
};

/** @see https://api-docs.deepseek.com/quick_start/error_codes */
export const deepseek: Dialect = {
  name: "deepseek",
  messages: [["payment_required", /^Insufficient Balance/i]],
  like: openai,
};

/** @see https://docs.x.ai/docs/key-information/debugging */
export const xai: Dialect = {
  name: "xai",
  labels: "x-ai grok",
  text: /https:\/\/console\.x\.ai|used all available credits/,
  messages: [
    ["payment_required", /used all available credits|monthly spending limit|doesn't have any credits/],
    ["authentication", /^Incorrect API key/i],
  ],
  like: openai,
};

export const perplexity: Dialect = { name: "perplexity", like: openai };

/** @see https://fireworks.ai/docs/guides/inference-error-codes */
export const fireworks: Dialect = { name: "fireworks", like: openai };

export const deepinfra: Dialect = {
  name: "deepinfra",
  messages: [["overloaded", /^Model (?:is )?busy/i]],
  like: openai,
};

/** Hugging Face, TGI, llama.cpp, Ollama: what runs a model oneself. */
export const selfHosted: Dialect = {
  name: "self-hosted",
  labels: "tgi llama.cpp llamacpp ollama huggingface hf lmstudio",
  fields: "estimated_time error_type=validation error_type=overloaded error.n_ctx",
  codes: {
    upstream: "?generation",
  },
  messages: [
    ["overloaded", /^(?:server busy|Model is overloaded)/i],
    ["unavailable", /^Loading model|is currently loading/],
    ["not_found", /^model .{1,200} not found/],
  ],
  like: openai,
};

/** @see https://docs.mistral.ai/resources/error-glossary */
export const mistral: Dialect = {
  name: "mistral",
  headers: "mistral-correlation-id",
  codes: { rate_limit: "3505", bad_request: "1500" },
  like: openai,
};

/** @see https://docs.cohere.com/reference/errors */
export const cohere: Dialect = {
  name: "cohere",
  headers: "x-endpoint-monthly-call-limit x-trial-endpoint-call-limit",
  messages: [
    ["content_policy", /^.{0,40}(?:unsafe|harmful)/i],
    ["context_length", /^too many tokens: /],
  ],
};

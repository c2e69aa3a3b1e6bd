import type { Dialect } from "../resolve/dialect.ts";
import { openai } from "./openai.ts";

// Providers that answer in OpenAI's shape, or nearly, with codes that mean something of their own.

/** @see https://console.groq.com/docs/errors */
export const groq: Dialect = {
  name: "groq",
  labels: "groq.com",
  headers: "x-groq",
  fields: "x_groq",
  text: /\/console\.groq\.com/,
  codes: {
    overloaded: "498",
  },
  like: openai,
};

export const together: Dialect = {
  name: "together",
  labels: "together.xyz together.ai togetherai",
  text: /\/api\.together\./,
  like: openai,
};

export const cerebras: Dialect = {
  name: "cerebras",
  labels: "cerebras.ai",
  fields: "type=too_many_tokens",
  headers: "x-ratelimit-reset-tokens-minute x-ratelimit-limit-tokens-minute x-ratelimit-limit-requests-day",
  codes: { "rate_limit?": "*quota_exceeded" },
  messages: [["quota_exhausted", /^(?:Tokens|Requests) per day/i]],
  like: openai,
};

/** @see https://api-docs.deepseek.com/quick_start/error_codes */
export const deepseek: Dialect = {
  name: "deepseek",
  labels: "deepseek.com",
  like: openai,
};

/** @see https://docs.x.ai/docs/key-information/debugging */
export const xai: Dialect = {
  name: "xai",
  labels: "x.ai x-ai grok",
  text: /\/console\.x\.ai|used all available credits/,
  messages: [["payment_required", /used all available credits|monthly spending limit|doesn't have any credits/]],
  like: openai,
};

export const perplexity: Dialect = { name: "perplexity", labels: "perplexity.ai", like: openai };

/** @see https://fireworks.ai/docs/guides/inference-error-codes */
export const fireworks: Dialect = { name: "fireworks", labels: "fireworks.ai", like: openai };

export const deepinfra: Dialect = {
  name: "deepinfra",
  labels: "deepinfra.com",
  messages: [["overloaded", /^Model (?:is )?busy/i]],
  like: openai,
};

/** Hugging Face, TGI, llama.cpp, Ollama: what runs a model oneself. */
export const selfHosted: Dialect = {
  name: "self-hosted",
  labels: "huggingface.co huggingface hf tgi llama.cpp llamacpp ollama lmstudio",
  fields: "estimated_time error_type=validation error_type=overloaded error.n_ctx",
  messages: [["overloaded", /^(?:server busy|Model is overloaded)/i]],
  like: openai,
};

/** @see https://docs.mistral.ai/resources/error-glossary */
export const mistral: Dialect = {
  name: "mistral",
  labels: "mistral.ai",
  headers: "mistral",
  codes: { rate_limit: "3505" },
  like: openai,
};

/** @see https://docs.cohere.com/reference/errors */
export const cohere: Dialect = {
  name: "cohere",
  labels: "cohere.com cohere.ai",
  headers: "x-endpoint-monthly-call x-trial-endpoint-call",
  messages: [
    ["content_policy", /^.{0,40}(?:unsafe|harmful)/i],
    ["context_length", /^too many tokens: /],
  ],
};

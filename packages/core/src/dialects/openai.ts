import type { Dialect } from "../resolve/dialect.ts";

/**
 * OpenAI, and the words that most APIs of its shape share.
 *
 * @see https://platform.openai.com/docs/guides/error-codes
 */
export const openai: Dialect = {
  name: "openai",
  labels: "openai.com",
  headers: "openai",
  codes: {
    quota_exhausted: "insufficient_quota",
    overloaded: "overloaded capacity_exceeded",
    "conflict+": "conversation_locked",
    "unavailable?": "unavailable service_unavailable",
    "content_policy~": "invalid_prompt",
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
    [
      "permission",
      /^(?:You have insufficient permissions|Your request IP is not authorized|Your IP is not authorized)|Missing scopes: /,
    ],
    ["payment_required", /^Insufficient (?:balance|credit)/i],
    ["quota_exhausted", /^You exceeded your current quota, please check your plan/],
    ["authentication", /^(?:Incorrect API key|Invalid API key|You didn't provide an API key)/i],
  ],
};

/** Any API that answers in OpenAI's envelope, when nothing tells which. */
export const openaiCompatible: Dialect = {
  name: "openai-compatible",
  labels: "vllm",
  guess: true,
  fields: "error.param object=error&type&param error.type=tokens error.type=requests",
  text: /\/(?:platform|help)\.openai\.com/,
  like: openai,
};

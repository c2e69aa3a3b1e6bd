import type { Dialect } from "../resolve/dialect.ts";

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
    permission: "account_deactivated",
    not_found: "model_retired",
    quota_exhausted: "insufficient_quota",
    payload_too_large: "payload_too_large request_too_large request_entity_too_large",
    conflict: "?conflict",
    "conflict+": "conversation_locked",
    unavailable: "?unavailable ?service_unavailable",
    unprocessable: "~unprocessable ~unprocessable_entity",
    content_policy: "~invalid_prompt",
    bad_request: "~client ~image_generation_user",
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
  like: openai,
};

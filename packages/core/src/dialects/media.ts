import type { Dialect } from "../resolve/dialect.ts";

// Images, video and speech: many report failures as tasks inside a 200.

/** @see https://docs.fal.ai/model-apis/errors */
export const fal: Dialect = {
  name: "fal",
  headers: "x-fal-request-id x-fal-error-type x-fal-retryable x-fal-needs-retry x-fal-request-timeout-type",
  fields: "detail.0.url=https://docs.fal.ai",
  text: /^User is locked\. Reason: Exhausted/,
  codeAt: "detail.0.type",
  codes: {
    unavailable:
      "runner_scheduling_failure runner_disconnected runner_connection_refused runner_connection_error runner_incomplete_response runner_server_error downstream_service_unavailable",
    upstream: "downstream_service_error",
    client_closed: "client_disconnected",
  },
  messages: [["payment_required", /^User is locked\. Reason: Exhausted balance|Exhausted balance/]],
};

/** @see https://docs.dev.runwayml.com/errors/ */
export const runway: Dialect = {
  name: "runway",
  labels: "runwayml",
  fields: "failureCode docUrl=https://docs.dev.runwayml.com",
  codeAt: "failureCode",
  codes: {
    content_policy: "SAFETY* INPUT_PREPROCESSING.SAFETY*",
    bad_request: "ASSET*",
    // A paid task is not replayed silently.
    "internal-": "INTERNAL.BAD_OUTPUT*",
    upstream: "THIRD_PARTY*",
    internal: "INTERNAL*",
  },
  messages: [["payment_required", /^You do not have enough credits/]],
};

/** @see https://replicate.com/docs/reference/http */
export const replicate: Dialect = {
  name: "replicate",
  fields: "urls.get=https://api.replicate.com",
  text: /https:\/\/replicate\.com\/account|\(E\d{3,4}\)$/,
  codeIn: /\((E\d{3,4})\)/,
  codes: { content_policy: "E005", overloaded: "E003", unavailable: "E004" },
  messages: [["payment_required", /^You have insufficient credit/]],
};

export const luma: Dialect = {
  name: "luma",
  labels: "lumaai",
  text: /advanced moderation failed$/,
  messages: [
    ["payment_required", /^(?:\d{3}: )?Insufficient credits/i],
    ["content_policy", /moderation/i],
  ],
};

/** Black Forest Labs answers with the state of the task. */
export const bfl: Dialect = {
  name: "bfl",
  labels: "black-forest-labs flux",
  fields: "status=Request+Moderated status=Content+Moderated status=Task+not+found",
  codeAt: "status",
  codes: { content_policy: "RequestModerated ContentModerated", not_found: "TaskNotFound" },
};

/** @see https://platform.stability.ai/docs/api-reference */
export const stability: Dialect = {
  name: "stability",
  labels: "stability-ai",
  codes: { content_policy: "invalid_prompts" },
  messages: [["rate_limit", /timed out for \d/]],
};

/** @see https://elevenlabs.io/docs/resources/errors */
export const elevenlabs: Dialect = {
  name: "elevenlabs",
  labels: "eleven-labs",
  fields: "detail.status&detail.message",
  codeAt: "detail.status",
  codes: {
    permission: "detected_unusual_activity only_for_creator",
    payload_too_large: "max_character_limit_exceeded",
    authentication: "needs_authorization",
  },
};

export const cartesia: Dialect = {
  name: "cartesia",
  labels: "ltx runware tavily assemblyai deepgram modelslab",
  fields: "err_code",
  codes: {
    payment_required: "plan_upgrade_required",
    quota_exhausted: "432 433",
  },
};

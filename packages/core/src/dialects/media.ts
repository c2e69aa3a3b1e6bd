import type { Dialect } from "../resolve/dialect.ts";

// Images, video and speech: many report failures as tasks inside a 200.

/** @see https://docs.fal.ai/model-apis/errors */
export const fal: Dialect = {
  name: "fal",
  labels: "fal.ai fal.run",
  headers: "x-fal",
  fields: "detail.0.url=https://docs.fal.ai",
  text: /^User is locked/,
  codeAt: "detail.0.type",
  codes: { unavailable: "runner_scheduling_failure runner_disconnected runner_connection_refused" },
  messages: [["payment_required", /Exhausted balance/]],
};

/** @see https://docs.dev.runwayml.com/errors/ */
export const runway: Dialect = {
  name: "runway",
  labels: "runwayml.com runwayml",
  fields: "failureCode docUrl=https://docs.dev.runwayml.com",
  codeAt: "failureCode",
  codes: {
    bad_request: "ASSET*",
    // A paid task is not replayed silently.
    "internal-": "INTERNAL.BAD_OUTPUT*",
    upstream: "THIRD_PARTY*",
  },
  messages: [["payment_required", /^You do not have enough credits/]],
};

/** @see https://replicate.com/docs/reference/http */
export const replicate: Dialect = {
  name: "replicate",
  labels: "replicate.com",
  fields: "urls.get=https://api.replicate.com",
  text: /\/replicate\.com\/account|\(E\d{3,4}\)$/,
  codeIn: /\((E\d{3,4})\)/,
  codes: { content_policy: "E005", overloaded: "E003", unavailable: "E004" },
};

export const luma: Dialect = {
  name: "luma",
  labels: "lumalabs.ai lumaai",
  text: /advanced moderation failed$/,
  messages: [
    ["payment_required", /^(?:\d{3}: )?Insufficient credits/i],
    ["content_policy", /moderation/i],
  ],
};

/** Black Forest Labs answers with the state of the task. */
export const bfl: Dialect = {
  name: "bfl",
  labels: "bfl.ai bfl.ml black-forest-labs flux",
  fields: "status=Request+Moderated status=Content+Moderated status=Task+not+found",
  codeAt: "status",
};

/** @see https://platform.stability.ai/docs/api-reference */
export const stability: Dialect = {
  name: "stability",
  labels: "stability.ai",
  codes: { content_policy: "invalid_prompts" },
};

/** @see https://elevenlabs.io/docs/resources/errors */
export const elevenlabs: Dialect = {
  name: "elevenlabs",
  labels: "elevenlabs.io eleven-labs",
  fields: "detail.status&detail.message",
  codeAt: "detail.status",
  codes: {
    permission: "detected_unusual_activity",
    payload_too_large: "max_character_limit_exceeded",
  },
};

export const cartesia: Dialect = {
  name: "cartesia",
  labels: "cartesia.ai ltx runware tavily assemblyai deepgram modelslab",
  fields: "err_code",
};

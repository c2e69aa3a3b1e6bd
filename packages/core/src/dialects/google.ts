import type { Dialect } from "../resolve/dialect.ts";

/**
 * Gemini, Vertex AI and every Google API; its status names are those of gRPC and Connect.
 *
 * @see https://cloud.google.com/apis/design/errors
 */
export const google: Dialect = {
  name: "google",
  labels: "googleapis.com gemini vertex gcp",
  fields:
    "error.code&error.status=&error.message error.details.0.@type=type.googleapis.com error.errors.0.domain promptFeedback event_type=error",
  codes: {
    "conflict+": "ABORTED",
    "rate_limit?": "RESOURCE_EXHAUSTED rateLimitExceeded userRateLimitExceeded",
    quota_exhausted: "*PerDay dailyLimitExceeded",
    "bad_request~": "FAILED_PRECONDITION OUT_OF_RANGE UNIMPLEMENTED",
  },
  messages: [
    ["permission", /^User location is not supported/],
    ["context_length", /^The input token count/],
    ["authentication", /^API key (?:not|expired)/i],
    ["payment_required", /prepa(?:id|yment) credits/i],
    ["overloaded", /^The model is overloaded/],
  ],
};

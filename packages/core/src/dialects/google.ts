import type { Dialect } from "../resolve/dialect.ts";

/**
 * Gemini, Vertex AI and every Google API; its status names are those of gRPC and Connect.
 *
 * @see https://cloud.google.com/apis/design/errors
 */
export const google: Dialect = {
  name: "google",
  labels: "gemini vertex gcp vertex-ai",
  fields:
    "error.details.0.@type=type.googleapis.com error.errors.0.domain promptFeedback event_type=error error.status=RESOURCE_EX error.status=INVALID_A error.status=FAILED_P error.status=NOT_FOUND error.status=PERMISSION_D error.status=UNAVAIL error.status=INTERNAL",
  codes: {
    authentication: "ACCESS_TOKEN_TYPE_UNSUPPORTED ACCOUNT_STATE_INVALID ?authError",
    permission:
      "SERVICE_DISABLED CONSUMER_INVALID API_KEY_SERVICE_BLOCKED API_KEY_HTTP_REFERRER_BLOCKED API_KEY_IP_ADDRESS_BLOCKED",
    conflict: "ALREADY_EXISTS",
    "conflict+": "ABORTED",
    rate_limit: "?RESOURCE_EXHAUSTED",
    bad_request: "?INVALID_ARGUMENT ?FAILED_PRECONDITION ?OUT_OF_RANGE ~UNIMPLEMENTED",
    quota_exhausted: "*PerDay dailyLimitExceeded",
  },
  messages: [
    ["permission", /^User location is not supported/],
    ["context_length", /^The input token count/],
    ["authentication", /^API key (?:not valid|expired|not found)/i],
    [
      "payment_required",
      /prepa(?:id|yment) credits? (?:are|is|have been) (?:depleted|exhausted|used)|^Your prepa(?:id|yment) credits/i,
    ],
    ["overloaded", /^The model is overloaded/],
  ],
};

/** gRPC-web and Connect, whose codes are Google's. */
export const grpc: Dialect = {
  name: "grpc",
  labels: "grpc-web connectrpc connect",
  headers: "grpc-status grpc-message grpc-retry-pushback-ms",
};

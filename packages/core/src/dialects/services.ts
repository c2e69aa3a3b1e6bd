import type { Dialect } from "../dialect.ts";

// APIs that are no AI, and standards.

/** @see https://docs.stripe.com/error-low-level */
export const stripe: Dialect = {
  name: "stripe",
  headers: "stripe-should-retry stripe-version",
  fields: "error.request_log_url error.doc_url=https://stripe.com",
  codes: {
    rate_limit: "lock_timeout",
    conflict: "idempotency_key_in_use ?idempotency",
    payment_required: "card_declined expired_card ~card insufficient_funds",
  },
};

/** @see https://docs.slack.dev/apis/web-api/ */
export const slack: Dialect = {
  name: "slack",
  headers: "x-slack-req-id",
  codes: {
    authentication: "invalid_auth not_authed account_inactive token_revoked token_expired",
    permission: "no_permission missing_scope not_allowed_token_type team_access_not_granted ekm_access_denied org_login_required",
    rate_limit: "ratelimited",
    not_found: "channel_not_found user_not_found",
    internal: "fatal internal",
    unavailable: "service_unavailable",
    bad_request: "invalid_arguments invalid_arg_name invalid_json no_text",
  },
};

export const salesforce: Dialect = {
  name: "salesforce",
  headers: "sforce-limit-info",
  codes: {
    quota_exhausted: "REQUEST_LIMIT_EXCEEDED STORAGE_LIMIT_EXCEEDED",
    authentication: "INVALID_SESSION_ID INVALID_LOGIN",
    permission: "INSUFFICIENT_ACCESS API_DISABLED_FOR_ORG",
    "conflict+": "UNABLE_TO_LOCK_ROW",
    unavailable: "SERVER_UNAVAILABLE",
  },
};

export const twilio: Dialect = {
  name: "twilio",
  fields: "more_info=https://www.twilio.com",
  codes: { rate_limit: "20429", authentication: "20003", not_found: "20404" },
};

/** GraphQL servers (Apollo, Shopify). */
export const graphql: Dialect = {
  name: "graphql",
  labels: "shopify apollo",
  fields: "errors.0.extensions",
  codes: {
    authentication: "UNAUTHENTICATED",
    permission: "FORBIDDEN ACCESS_DENIED",
    rate_limit: "THROTTLED RATE_LIMITED",
    bad_request:
      "BAD_USER_INPUT GRAPHQL_VALIDATION_FAILED GRAPHQL_PARSE_FAILED OPERATION_RESOLUTION_FAILURE PERSISTED_QUERY_NOT_FOUND MAX_COST_EXCEEDED",
    payment_required: "SHOP_INACTIVE",
    internal: "~INTERNAL_SERVER_ERROR",
  },
};

/** OAuth 2.0: RFC 6749 §5.2, RFC 6750 §3.1, RFC 8628 §3.5. */
export const oauth: Dialect = {
  name: "oauth",
  codes: {
    authentication: "invalid_token invalid_grant invalid_client unauthorized_client login_required interaction_required",
    permission: "insufficient_scope ?access_denied",
    bad_request: "unsupported_grant_type unsupported_response_type invalid_scope invalid_target",
    unavailable: "temporarily_unavailable",
  },
};

/** Problem documents name their class by a URI; Kubernetes by a reason. */
export const standards: Dialect = {
  name: "standards",
  labels: "rfc9457 kubernetes k8s json-api jsonapi soap",
  codes: {
    payment_required: "out-of-credit",
    timeout: "ServerTimeout",
    conflict: "AlreadyExists",
    not_found: "Expired",
    bad_request: "*client",
  },
};

/** The error object that Failwell itself writes: one type per kind. */
export const failwell: Dialect = {
  name: "failwell",
  labels: "own",
  fields: "error.error_id=err_ error_id=err_",
  codes: {
    bad_request: "~invalid_request ~client",
    quota_exhausted: "quota",
    content_policy: "content_policy",
    context_length: "context_length",
    client_closed: "client_closed",
    upstream: "?upstream",
    network: "network",
    unprocessable: "unprocessable",
    unknown: "~unknown",
    internal: "?api",
  },
};

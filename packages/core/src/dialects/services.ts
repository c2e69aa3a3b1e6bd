import type { Dialect } from "../resolve/dialect.ts";

// APIs that are no AI, and standards.

/** @see https://docs.stripe.com/error-low-level */
export const stripe: Dialect = {
  name: "stripe",
  headers: "stripe-should-retry stripe-version",
  fields: "error.request_log_url error.doc_url=https://stripe.com",
  codes: {
    rate_limit: "lock_timeout",
    conflict: "idempotency_key_in_use ?idempotency",
    payment_required: "card_declined expired_card ~card",
  },
};

/** @see https://docs.slack.dev/apis/web-api/ */
export const slack: Dialect = {
  name: "slack",
  headers: "x-slack-req-id",
  codes: {
    authentication: "not_authed account_inactive",
    permission: "not_allowed_token_type org_login_required",
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
    bad_request: "PERSISTED_QUERY_NOT_FOUND MAX_COST_EXCEEDED",
    payment_required: "SHOP_INACTIVE",
  },
};

/** OAuth 2.0: RFC 6749 §5.2, RFC 6750 §3.1, RFC 8628 §3.5. */
export const oauth: Dialect = {
  name: "oauth",
  codes: {
    authentication: "login_required interaction_required",
    bad_request: "invalid_scope",
    unavailable: "temporarily_unavailable",
  },
};

/** Problem documents name their class by a URI; Kubernetes by a reason. */
export const standards: Dialect = {
  name: "standards",
  labels: "rfc9457 kubernetes k8s json-api jsonapi soap",
  codes: {
    conflict: "AlreadyExists",
    // SOAP reports the caller's mistakes with 500.
    bad_request: "soap:Client soapenv:Client SOAP-ENV:Client s:Client env:Sender soap:Sender",
  },
};

/** The error object that Failwell itself writes: one type per kind. */
export const failwell: Dialect = {
  name: "failwell",
  labels: "own",
  fields: "error.error_id=err_ error_id=err_",
  codes: {
    bad_request: "~client",
    upstream: "?upstream",
    network: "network",
    client_closed: "client_closed",
    quota_exhausted: "quota",
    unknown: "unknown*",
  },
};

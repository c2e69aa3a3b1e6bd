import type { Dialect } from "../resolve/dialect.ts";

// APIs that are no AI, and standards.

/** @see https://docs.stripe.com/error-low-level */
export const stripe: Dialect = {
  name: "stripe",
  labels: "stripe.com",
  headers: "stripe",
  fields: "error.request_log_url error.doc_url=https://stripe.com",
  codes: {
    rate_limit: "lock_timeout",
  },
};

/** @see https://docs.slack.dev/apis/web-api/ */
export const slack: Dialect = {
  name: "slack",
  labels: "slack.com",
  headers: "x-slack",
  codes: {
    authentication: "account_inactive",
    permission: "org_login_required",
  },
};

export const salesforce: Dialect = {
  name: "salesforce",
  labels: "salesforce.com",
  headers: "sforce",
  codes: {
    quota_exhausted: "REQUEST_LIMIT_EXCEEDED STORAGE_LIMIT_EXCEEDED",
    "conflict+": "UNABLE_TO_LOCK_ROW",
  },
};

export const twilio: Dialect = {
  name: "twilio",
  labels: "twilio.com",
  fields: "more_info=https://www.twilio.com",
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
    unavailable: "temporarily_unavailable",
  },
};

/** The error object that Failwell itself writes: one type per kind. */
export const failwell: Dialect = {
  name: "failwell",
  labels: "own",
  fields: "error.error_id=err_ error_id=err_",
  codes: {
    "upstream?": "upstream",
    network: "network",
    client_closed: "client_closed",
    quota_exhausted: "quota",
    unknown: "unknown*",
  },
};

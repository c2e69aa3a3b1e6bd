import type { Dialect } from "../resolve/dialect.ts";

/**
 * Cloudflare before an origin, and its own APIs.
 *
 * @see https://developers.cloudflare.com/support/troubleshooting/http-status-codes/
 */
export const cloudflare: Dialect = {
  name: "cloudflare",
  labels: "cloudflare-workers cloudflare-ai-gateway",
  headers: "server=cloudflare cf-ray cf-mitigated",
  fields: "cloudflare_error",
  text: /^error code: \d{3,5}$/,
  codeIn: /^error code: (\d{3,5})$/,
  gateway: "proxy",
  codes: {
    rate_limit: "1015",
    permission: "challenge 1005 1006 1007 1008 1009 1010 1011 1012 1020 1034",
    upstream: "1004 1033 1038 1205",
    "upstream-": "1000 1001 1002 1014 1016 1018 1023 origin_dns_error",
    overloaded: "1200",
    bad_request: "1003",
    "internal-": "1101",
  },
};

/** @see https://developers.cloudflare.com/workers-ai/platform/errors/ */
export const cloudflareApi: Dialect = {
  name: "cloudflare-api",
  labels: "workers-ai",
  fields: "success&errors.0.code&messages",
  codes: {
    quota_exhausted: "3036",
    overloaded: "3040",
    timeout: "3007 3008",
    method_not_allowed: "5005 5019",
    authentication: "10000 10001 9106 9109 6003",
    rate_limit: "971 10013",
  },
  messages: [["quota_exhausted", /used up your daily free allocation/]],
};

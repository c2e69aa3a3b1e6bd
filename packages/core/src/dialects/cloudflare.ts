import type { Dialect } from "../resolve/dialect.ts";

/**
 * Cloudflare before an origin, and its own APIs.
 *
 * @see https://developers.cloudflare.com/support/troubleshooting/http-status-codes/
 */
export const cloudflare: Dialect = {
  name: "cloudflare",
  headers: "server=cloudflare cf",
  fields: "cloudflare_error",
  text: /^error code: \d{3,5}$/,
  codeIn: /^error code: (\d{3,5})$/,
  gateway: "proxy",
  codes: {
    permission: "challenge",
    "upstream-": "1000 1001 1002 1014 1016 1018 1023 origin_dns_error",
    overloaded: "1200",
    "internal-": "1101",
  },
};

/** @see https://developers.cloudflare.com/workers-ai/platform/errors/ */
export const cloudflareApi: Dialect = {
  name: "cloudflare-api",
  labels: "api.cloudflare.com workers-ai",
  fields: "success&errors.0.code&messages",
  codes: {
    quota_exhausted: "3036",
    overloaded: "3040",
    timeout: "3007 3008",
    method_not_allowed: "5005 5019",
    authentication: "10000",
  },
  messages: [["quota_exhausted", /used up your daily free allocation/]],
};

import type { Dialect } from "../resolve/dialect.ts";

// Proxies and hosting platforms: they answer in HTML or text, for somebody who did not.

/** @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage */
export const envoy: Dialect = {
  name: "envoy",
  labels: "istio",
  headers: "server=envoy server=istio-envoy x-envoy-ratelimited x-envoy-overloaded x-envoy-upstream-service-time",
  text: /^(?:upstream connect error|no healthy upstream|upstream request timeout|local_rate_limited|RBAC: )/,
  gateway: "proxy",
  messages: [
    ["overloaded", /reset reason: overflow|^envoy overloaded/],
    ["timeout", /^upstream request timeout|reset reason: connection timeout/],
    ["rate_limit", /^local_rate_limited/],
    ["permission", /^RBAC: access denied/],
    ["unavailable", /^no healthy upstream/],
    ["upstream", /^upstream connect error/],
  ],
};

export const kong: Dialect = {
  name: "kong",
  text: /^(?:failure to get a peer from the ring-balancer|no Route matched)/,
  headers: "x-kong-request-id x-kong-upstream-latency x-kong-response-latency server=kong",
  gateway: "proxy",
  messages: [
    ["upstream", /^failure to get a peer from the ring-balancer|^An invalid response was received from the upstream/],
    ["timeout", /^The upstream server is timing out/],
    ["rate_limit", /^API rate limit exceeded/],
    ["not_found", /^no Route matched/],
  ],
};

export const apigee: Dialect = {
  name: "apigee",
  fields: "fault.detail.errorcode fault.faultstring",
  gateway: "proxy",
  codeAt: "fault.detail.errorcode",
  codes: {
    rate_limit: "policies.ratelimit*",
    authentication: "oauth.v2* steps.oauth*",
    upstream: "messaging.adaptors*",
  },
};

/** Nginx, openresty, HAProxy, Traefik, Caddy: their pages say no more than the status. */
export const plainProxy: Dialect = {
  name: "proxy",
  labels: "nginx openresty haproxy traefik caddy heroku akamai",
  headers: "server=nginx server=openresty server=Caddy server=Cowboy server=AkamaiGHost",
  gateway: "proxy",
};

export const googleFront: Dialect = {
  name: "google-front",
  labels: "gcp-lb cloud-run gfe",
  headers: "via=1.1+google server=Google+Frontend",
  gateway: "proxy",
  messages: [["rate_limit", /^Rate exceeded\.?$/]],
};

/** @see https://vercel.com/docs/errors */
export const vercel: Dialect = {
  name: "vercel",
  headers: "x-vercel-error x-vercel-id server=Vercel",
  text: /^An error occurred with (?:your deployment|this application)/,
  gateway: "proxy",
  codes: {
    payment_required: "DEPLOYMENT_DISABLED",
    "internal-": "INFINITE_LOOP_DETECTED",
    internal: "FUNCTION_INVOCATION_FAILED EDGE_FUNCTION_INVOCATION_FAILED",
    upstream: "NO_RESPONSE_FROM_FUNCTION ROUTER_EXTERNAL_TARGET_ERROR ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR",
    not_found: "DEPLOYMENT_DELETED",
    payload_too_large: "FUNCTION_PAYLOAD_TOO_LARGE",
  },
};

export const fastly: Dialect = {
  name: "fastly",
  labels: "varnish",
  headers: "x-served-by=cache- server=Varnish",
  gateway: "proxy",
  messages: [
    ["timeout", /^\d{3} (?:first byte|between bytes|connection|backend).{0,20}time(?:d )?out/i],
    ["overloaded", /^\d{3} .{0,20}maximum threads/i],
  ],
};

export const squid: Dialect = {
  name: "squid",
  headers: "x-squid-error server=squid",
  gateway: "proxy",
  codes: {
    upstream: "ERR_CONNECT_FAIL ERR_DNS_FAIL ERR_READ_ERROR ERR_ZERO_SIZE_OBJECT ERR_CANNOT_FORWARD",
    timeout: "ERR_LIFETIME_EXP",
    authentication: "ERR_CACHE_ACCESS_DENIED",
  },
};

export const railway: Dialect = {
  name: "railway",
  headers: "x-railway-edge x-railway-request-id server=railway",
  gateway: "proxy",
};

import type { Dialect } from "../resolve/dialect.ts";

// Proxies and hosting platforms: they answer in HTML or text, for somebody who did not.

/** @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage */
export const envoy: Dialect = {
  name: "envoy",
  labels: "istio",
  headers: "server=envoy server=istio-envoy x-envoy",
  text: /^(?:upstream connect error|no healthy upstream|upstream request timeout|local_rate_limited|RBAC: )/,
  gateway: "proxy",
  messages: [
    ["overloaded", /reset reason: overflow|^envoy overloaded/],
    ["timeout", /reset reason: connection timeout/],
    ["upstream", /^upstream connect error/],
  ],
};

export const kong: Dialect = {
  name: "kong",
  text: /^(?:failure to get a peer from the ring-balancer|no Route matched)/,
  headers: "x-kong server=kong",
  gateway: "proxy",
  messages: [
    ["upstream", /^failure to get a peer from the ring-balancer|^An invalid response was received from the upstream/],
  ],
};

export const apigee: Dialect = {
  name: "apigee",
  fields: "fault.detail.errorcode fault.faultstring",
  gateway: "proxy",
  codeAt: "fault.detail.errorcode",
  codes: {
    rate_limit: "policies.ratelimit*",
  },
};

/** Nginx, openresty, HAProxy, Traefik, Caddy: their pages say no more than the status. */
export const plainProxy: Dialect = {
  name: "proxy",
  labels: "nginx openresty haproxy traefik caddy heroku akamai railway",
  headers: "server=nginx server=openresty server=Caddy server=Cowboy server=AkamaiGHost server=railway x-railway",
  gateway: "proxy",
};

export const googleFront: Dialect = {
  name: "google-front",
  labels: "gcp-lb cloud-run gfe",
  headers: "via=1.1+google server=Google+Frontend",
  gateway: "proxy",
};

/** @see https://vercel.com/docs/errors */
export const vercel: Dialect = {
  name: "vercel",
  headers: "x-vercel server=Vercel",
  text: /^An error occurred with (?:your deployment|this application)/,
  gateway: "proxy",
};

export const fastly: Dialect = {
  name: "fastly",
  labels: "varnish",
  headers: "x-served-by=cache- server=Varnish",
  gateway: "proxy",
  messages: [["timeout", /^\d{3} (?:first byte|between bytes|connection|backend).{0,20}time(?:d )?out/i]],
};

export const squid: Dialect = {
  name: "squid",
  headers: "x-squid server=squid",
  gateway: "proxy",
  codes: {
    upstream: "ERR_CONNECT_FAIL",
  },
};

import { type Catalog, type CatalogEntry, documented, extendCatalog, type Kind } from "./catalog.ts";

type Row = readonly [kind: Kind, code: string, meaning?: string, retryable?: boolean];

// Sources: IANA registry (RFC 9110 and the RFCs named), Cloudflare's 5xx pages, AWS ALB (460), provider documentation.
const rows: Readonly<Record<number, Row>> = {
  402: ["payment_required", "Payment Required"],
  406: ["bad_request", "Not Acceptable", "The server has no representation that the Accept headers allow"],
  407: ["authentication", "Proxy Authentication Required", "A proxy on the way wants credentials"],
  408: ["timeout", "Request Timeout", "The server waited too long for the request, or a proxy gave up on it"],
  409: ["conflict", "Conflict"],
  410: ["not_found", "Gone", "The resource or model existed and was retired"],
  411: ["bad_request", "Length Required", "The server wants a Content-Length"],
  412: ["bad_request", "Precondition Failed", "A precondition in the request headers does not hold"],
  413: ["payload_too_large", "Content Too Large"],
  414: ["bad_request", "URI Too Long", "The URL is longer than the server accepts"],
  415: ["bad_request", "Unsupported Media Type", "The server does not take this Content-Type or encoding"],
  416: ["bad_request", "Range Not Satisfiable", "The requested range does not exist"],
  418: ["unknown", "I'm a Teapot", "The server refuses on principle; some firewalls block this way"],
  421: ["bad_request", "Misdirected Request", "The request reached a server that does not answer for this host"],
  422: ["unprocessable", "Unprocessable Content"],
  423: ["conflict", "Locked", "The resource is locked"],
  424: ["upstream", "Failed Dependency", "Something that the request depends on failed"],
  425: ["unavailable", "Too Early", "The server will not risk a request that might be a replay (RFC 8470)"],
  426: ["bad_request", "Upgrade Required", "The server wants another protocol version"],
  428: ["bad_request", "Precondition Required", "The server wants a conditional request (RFC 6585)"],
  431: ["bad_request", "Request Header Fields Too Large", "The request headers are larger than the server accepts"],
  432: ["quota_exhausted", "Plan Limit Exceeded", "The usage limit of the plan is reached (Tavily)"],
  433: ["quota_exhausted", "Pay-As-You-Go Limit Exceeded", "The pay-as-you-go limit is reached (Tavily)"],
  451: ["permission", "Unavailable For Legal Reasons", "Access is denied for legal reasons (RFC 7725)"],
  460: [
    "client_closed",
    "Client Closed Request",
    "Client disconnected before the load balancer had an answer (AWS ALB)",
  ],
  498: ["authentication", "Invalid Token", "The token is invalid or expired"],
  501: ["bad_request", "Not Implemented", "The server does not support what the request asks for"],
  504: ["timeout", "Gateway Timeout"],
  505: ["bad_request", "HTTP Version Not Supported", "The server does not support this HTTP version"],
  507: ["internal", "Insufficient Storage", "The server cannot store what the request needs (RFC 4918)", false],
  508: ["internal", "Loop Detected", "The server found an endless loop (RFC 5842)", false],
  511: ["authentication", "Network Authentication Required", "The network wants a sign-in first (RFC 6585)"],
  520: [
    "upstream",
    "Web Server Returned an Unknown Error",
    "Cloudflare got an empty or invalid answer from the origin",
  ],
  521: ["upstream", "Web Server Is Down", "The origin refused Cloudflare's connection"],
  522: ["timeout", "Connection Timed Out", "Cloudflare could not reach the origin in time"],
  523: ["upstream", "Origin Is Unreachable", "Cloudflare found no route to the origin"],
  524: ["timeout", "A Timeout Occurred", "The origin accepted the request but did not answer Cloudflare in time"],
  525: ["upstream", "SSL Handshake Failed", "Cloudflare and the origin agreed on no TLS session", false],
  526: ["upstream", "Invalid SSL Certificate", "The origin's certificate is not valid for Cloudflare", false],
  527: ["upstream", "Railgun Error", "The link between Cloudflare and the origin failed"],
  529: ["overloaded", "Site Is Overloaded"],
  530: ["upstream", "Origin Error", "Cloudflare could not resolve or reach the origin; its 1xxx code says why"],
  598: ["timeout", "Network Read Timeout", "A proxy on the way waited too long for the answer"],
  599: ["timeout", "Network Connect Timeout", "A proxy on the way could not connect in time"],
};

function change([kind, code, meaning, retryable]: Row): Partial<CatalogEntry> {
  return {
    kind,
    code,
    ...(meaning === undefined ? {} : { meaning }),
    ...(retryable === undefined ? {} : { retryable }),
  };
}

/** Every status that upstreams send: the ten documented ones and those around them. */
export const catalog: Catalog = /* @__PURE__ */ extendCatalog(documented, {
  statuses: /* @__PURE__ */ Object.fromEntries(
    /* @__PURE__ */ Object.entries(rows).map(([status, row]) => [status, change(row)]),
  ),
});

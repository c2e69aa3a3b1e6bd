import { type Meanings, meanings } from "./kinds.ts";

// What a status says beyond its kind.
const told: Readonly<Record<number, string>> = {
  406: "No representation that the Accept headers allow",
  407: "A proxy wants credentials",
  408: "The request did not arrive in time, or a proxy gave up on it",
  410: "The resource or model was retired",
  412: "A precondition in the request headers does not hold",
  414: "The URL is too long",
  415: "Content-Type or encoding not accepted",
  418: "Refused on principle; some firewalls block this way",
  421: "The server does not answer for this host",
  423: "The resource is locked",
  424: "Something that the request depends on failed",
  425: "Refused because it might be a replay (RFC 8470)",
  431: "The request headers are too large",
  432: "The usage limit of the plan is reached (Tavily)",
  433: "The pay-as-you-go limit is reached (Tavily)",
  451: "Denied for legal reasons (RFC 7725)",
  498: "The token is invalid or expired",
  501: "The server does not support what the request asks for",
  508: "The server found an endless loop (RFC 5842)",
  520: "Cloudflare got an invalid answer from the origin",
  521: "The origin refused Cloudflare's connection",
  522: "Cloudflare could not reach the origin in time",
  523: "Cloudflare found no route to the origin",
  524: "The origin did not answer Cloudflare in time",
  525: "Cloudflare and the origin agreed on no TLS session",
  526: "The origin's certificate is not valid for Cloudflare",
  530: "Cloudflare could not reach the origin; its 1xxx code says why",
};

/** {@link meanings}, with words of its own for every status that has a story of its own. */
export const statusMeanings: Meanings = /* @__PURE__ */ detailed();

function detailed(): Meanings {
  const statuses = { ...meanings.statuses };
  for (const [status, meaning] of Object.entries(told)) {
    statuses[Number(status)] = { ...statuses[Number(status)]!, meaning };
  }
  return { kinds: meanings.kinds, statuses };
}

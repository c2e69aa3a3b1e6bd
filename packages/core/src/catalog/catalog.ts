import { type Kind, type Meaning, type Meanings, meanings } from "./kinds.ts";
import { statusMeanings } from "./statuses.ts";

/** One known error: what it means, what to do about it, and how it is written on the wire. */
export interface CatalogEntry extends Meaning {
  /** `error.type` on the wire: a closed set, one name per kind, so that a client reads back what the server meant. */
  readonly type: string;
  /** `error.code` on the wire unless a machine code is known: the HTTP reason phrase. */
  readonly code: string;
}

/** The errors that are known: one entry per kind, and one per status that has a story of its own. */
export type Catalog = Meanings<CatalogEntry>;

// The names of the field; every other type is its kind and `_error`.
const types: { readonly [K in Kind]?: string } = {
  bad_request: "invalid_request_error",
  payment_required: "billing_error",
  payload_too_large: "request_too_large_error",
  quota_exhausted: "quota_error",
  internal: "api_error",
};

// Sources: IANA registry; the names that Cloudflare, AWS ALB (460) and Tavily (432, 433) give to theirs.
const phrases: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  418: "I'm a Teapot",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  423: "Locked",
  424: "Failed Dependency",
  425: "Too Early",
  426: "Upgrade Required",
  428: "Precondition Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  432: "Plan Limit Exceeded",
  433: "Pay-As-You-Go Limit Exceeded",
  451: "Unavailable For Legal Reasons",
  460: "Client Closed Request",
  498: "Invalid Token",
  499: "Client Closed Request",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
  507: "Insufficient Storage",
  508: "Loop Detected",
  511: "Network Authentication Required",
  520: "Web Server Returned an Unknown Error",
  521: "Web Server Is Down",
  522: "Connection Timed Out",
  523: "Origin Is Unreachable",
  524: "A Timeout Occurred",
  525: "SSL Handshake Failed",
  526: "Invalid SSL Certificate",
  527: "Railgun Error",
  529: "Site Is Overloaded",
  530: "Origin Error",
  598: "Network Read Timeout",
  599: "Network Connect Timeout",
};

/** Every status that upstreams send: the ten documented ones and those around them. */
export const catalog: Catalog = /* @__PURE__ */ written(statusMeanings);

/** The ten documented statuses, and nothing else. {@link catalog} knows every other status too. */
export const documented: Catalog = /* @__PURE__ */ only([400, 401, 403, 404, 405, 429, 499, 500, 502, 503]);

/** What to add or to say differently. A field that is left out keeps its present value. */
export interface CatalogChanges {
  readonly kinds?: { readonly [K in Kind]?: Partial<Omit<CatalogEntry, "kind">> };
  /** A status that is new must name its `kind`; whatever else it leaves out comes from that kind. */
  readonly statuses?: Readonly<Record<number, Partial<Omit<CatalogEntry, "status">>>>;
}

/**
 * Makes a new catalog from another one. The other one stays as it is.
 *
 * @throws {RangeError} a status outside 100–599, or a new status without a kind
 */
export function extendCatalog(base: Catalog, changes: CatalogChanges): Catalog {
  const newKinds: Record<string, CatalogEntry> = { ...base.kinds };
  for (const [kind, change] of Object.entries(changes.kinds ?? {})) {
    const present = newKinds[kind];
    if (present === undefined)
      throw new RangeError(`kind "${kind}" is not one of the ${Object.keys(newKinds).length} kinds`);
    newKinds[kind] = Object.freeze({ ...present, ...change });
  }
  const statuses: Record<number, CatalogEntry> = {};
  // A status that merely points at its kind follows the kind's change.
  for (const [status, present] of Object.entries(base.statuses)) {
    statuses[Number(status)] = present === base.kinds[present.kind] ? newKinds[present.kind]! : present;
  }
  for (const [text, change] of Object.entries(changes.statuses ?? {})) {
    const status = Number(text);
    if (!(status >= 100 && status <= 599)) throw new RangeError(`status must be between 100 and 599, got ${text}`);
    const known = statuses[status];
    const model = change.kind === undefined || change.kind === known?.kind ? known : newKinds[change.kind];
    if (model === undefined) throw new RangeError(`status ${status} needs the name of its kind, got ${change.kind}`);
    statuses[status] = Object.freeze({ ...model, ...change, status });
  }
  return frozen(newKinds, statuses);
}

function written({ kinds, statuses }: Meanings): Catalog {
  const entries = new Map<Meaning, CatalogEntry>();
  // One entry for one meaning, so that a status still points at its kind.
  const entry = (of: Meaning): CatalogEntry => {
    const made =
      entries.get(of) ??
      Object.freeze({ ...of, type: types[of.kind] ?? `${of.kind}_error`, code: phrases[of.status]! });
    entries.set(of, made);
    return made;
  };
  const all = (list: object): Record<string, CatalogEntry> =>
    Object.fromEntries(Object.entries(list).map(([key, of]) => [key, entry(of as Meaning)]));
  return frozen(all(kinds), all(statuses));
}

function only(statuses: readonly number[]): Catalog {
  const known = Object.fromEntries(statuses.map((status) => [status, meanings.statuses[status]!]));
  return written({ kinds: meanings.kinds, statuses: known });
}

function frozen(kinds: Record<string, CatalogEntry>, statuses: Record<number, CatalogEntry>): Catalog {
  return Object.freeze({ kinds: Object.freeze(kinds) as Catalog["kinds"], statuses: Object.freeze(statuses) });
}

import type { Kind } from "./catalog.ts";
import type { AnsweredOutcome, HeadersLike } from "./outcome.ts";
import { own } from "./dialect.ts";
import type { Phase, Verdict } from "./verdict.ts";

/** What a thrown value says. */
export interface Thrown {
  readonly kind: Kind;
  readonly retryable: boolean;
  readonly phase: Phase;
  readonly code: string | null;
  readonly message: string | null;
  readonly evidence: string;
}

type Row = readonly [kind: Kind, retryable: boolean, phase: Phase, names: string];

// Codes and names of errors in Node, undici, axios, got, Bun, Deno, browsers and SDKs; `*` begins with.
const rows: readonly Row[] = [
  [
    "network",
    true,
    "unsent",
    "ECONNREFUSED ENOTFOUND EAI_* EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN EADDRNOTAVAIL ENODATA ESERVFAIL ConnectionRefused FailedToOpenSocket NGHTTP2_REFUSED_STREAM ERR_PROXY_TUNNEL UND_ERR_PRX_TLS",
  ],
  ["timeout", true, "unsent", "UND_ERR_CONNECT_TIMEOUT ConnectTimeoutError ERR_TLS_HANDSHAKE_TIMEOUT ERR_SOCKET_CONNECTION_TIMEOUT"],
  [
    "network",
    false,
    "unsent",
    "CERT_* DEPTH_ZERO_* ERR_TLS_* ERR_SSL_* SELF_SIGNED_* UNABLE_TO_* HOSTNAME_MISMATCH INVALID_CA INVALID_PURPOSE PATH_LENGTH_EXCEEDED ERR_OSSL_* CRL_* EPROTO",
  ],
  ["network", false, "unanswered", "UND_ERR_HEADERS_OVERFLOW HPE_* HTTPParserError UND_ERR_RES_EXCEEDED_MAX_SIZE UND_ERR_CLOSED UND_ERR_DESTROYED"],
  [
    "bad_request",
    false,
    "unsent",
    "ERR_INVALID_URL ERR_INVALID_ARG_* ERR_INVALID_PROTOCOL ERR_INVALID_HTTP_TOKEN ERR_INVALID_CHAR UND_ERR_INVALID_ARG UND_ERR_REQ_CONTENT_LENGTH_MISMATCH UND_ERR_NOT_SUPPORTED ERR_UNSUPPORTED_PROTOCOL ERR_UNESCAPED_CHARACTERS ERR_HTTP_INVALID_* ERR_HTTP2_INVALID_* ERR_BAD_REQUEST ERR_BAD_OPTION* ERR_NOT_SUPPORT ERR_MISSING_ARGS InvalidArgumentError",
  ],
  [
    "timeout",
    true,
    "unanswered",
    "ETIMEDOUT ESOCKETTIMEDOUT ESOCKETTIMEOUT ECONNABORTED UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT UND_ERR_INFO TimeoutError HeadersTimeoutError BodyTimeoutError APIConnectionTimeoutError TimedOut Timeout ERR_HTTP_REQUEST_TIMEOUT",
  ],
  [
    "network",
    true,
    "unanswered",
    "ECONNRESET EPIPE ENOTCONN UND_ERR_SOCKET UND_ERR_RES_CONTENT_LENGTH_MISMATCH ERR_HTTP2_* ERR_STREAM_PREMATURE_CLOSE ERR_HTTP_CONTENT_LENGTH_MISMATCH ERR_READING_RESPONSE_STREAM ERR_NETWORK ERR_BAD_RESPONSE ConnectionClosed ConnectionReset ConnectionAborted BrokenPipe NotConnected UnexpectedEof SocketError NetworkError APIConnectionError",
  ],
  ["client_closed", false, "unanswered", "AbortError ABORT_ERR ERR_ABORTED ERR_CANCELED UND_ERR_ABORTED CanceledError APIUserAbortError ECANCELED"],
];

// Messages stand in where the runtime gives neither code nor class.
const sayings: readonly (readonly [Kind, boolean, Phase, RegExp])[] = [
  ["bad_request", false, "unsent", /^(?:bad port|unknown scheme|Failed to parse URL|Invalid URL)/],
  ["network", true, "unsent", /NGHTTP2_REFUSED_STREAM|\(Connect\)|dns error|Connection refused|^Unable to connect/],
  [
    "network",
    true,
    "unanswered",
    /^(?:fetch failed|Failed to fetch|Load failed|Network request failed|Network Error|NetworkError when|terminated|socket hang up|other side closed|error sending request|(?:The )?network connection (?:was )?lost|The socket connection was closed|Premature close|Connection error)/i,
  ],
];

type Rule = readonly [Kind, boolean, Phase];
let table: Map<string, Rule> | undefined;

function ruleFor(name: string): Rule | undefined {
  if (table === undefined) {
    table = new Map();
    for (const [kind, retryable, phase, names] of rows) {
      for (const one of names.split(" ")) table.set(one, [kind, retryable, phase]);
    }
  }
  const exact = table.get(name);
  if (exact !== undefined || name.length > 80) return exact;
  // ERR_TLS_CERT_ALTNAME_INVALID, then ERR_TLS_CERT_*, ERR_TLS_*, ERR_*
  for (let end = name.lastIndexOf("_"); end > 0; end = name.lastIndexOf("_", end - 1)) {
    const rule = table.get(`${name.slice(0, end + 1)}*`);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

interface Link {
  readonly code: string | null;
  readonly name: string | null;
  readonly message: string | null;
  readonly error: unknown;
}

const linkLimit = 20;

/** The error, its cause, the cause of that: outermost first, each once. */
function chain(error: unknown): Link[] {
  const links: Link[] = [];
  const seen = new Set<unknown>();
  for (let next = error; next !== undefined && next !== null && !seen.has(next) && links.length < linkLimit; ) {
    seen.add(next);
    const of = next as Record<string, unknown>;
    const object = typeof next === "object" || typeof next === "function";
    links.push({
      code: object ? text(of["code"]) : null,
      name: object ? text(of["name"]) : null,
      message: object ? text(of["message"]) : text(String(next)),
      error: next,
    });
    if (!object) break;
    const errors = of["errors"];
    next = of["cause"] ?? (Array.isArray(errors) ? errors[0] : undefined) ?? of["lastError"];
  }
  return links;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Reads anything thrown, by the innermost code of its causes, then by class, then by what runtimes are known to say. */
export function thrownOf(error: unknown): Thrown {
  const links = chain(error).reverse();
  const code = links.find((link) => link.code !== null)?.code ?? null;
  const message = links.find((link) => link.message !== null)?.message ?? null;
  const [[kind, retryable, phase], evidence] = ruleOn(links);
  return { kind, retryable, phase, code, message, evidence: `thrown ${evidence}` };
}

function ruleOn(links: readonly Link[]): readonly [Rule, string] {
  for (const link of links) {
    const message = link.message?.slice(0, 500) ?? "";
    for (const word of [link.code, link.name]) {
      const rule = word === null ? undefined : ruleFor(word);
      if (rule !== undefined) return [refined(rule, link, message), word!];
    }
    const saying = sayings.find(([, , , pattern]) => pattern.test(message));
    if (saying !== undefined) return [[saying[0], saying[1], saying[2]], `message ${message.slice(0, 40)}`];
  }
  return [["unknown", false, "unanswered"], links[0]?.name ?? typeof links[0]?.error];
}

const connecting = /^connect |before secure TLS connection|NGHTTP2_REFUSED_STREAM/;

/** What a code alone does not tell: how far the request got, and which signal aborted it. */
function refined(rule: Rule, { error }: Link, message: string): Rule {
  const [kind, retryable, phase] = rule;
  const of = error as { config?: { signal?: { reason?: { name?: unknown } } }; event?: unknown; syscall?: unknown };
  // axios reports an AbortSignal.timeout as a cancel.
  if (kind === "client_closed") {
    return of.config?.signal?.reason?.name === "TimeoutError" ? ["timeout", true, phase] : rule;
  }
  const before =
    of.syscall === "connect" || connecting.test(message) || /^(?:lookup|connect|secureConnect)$/.test(String(of.event));
  return before ? [kind, retryable, "unsent"] : rule;
}

/** The verdict that an error carries already, such as one of our own. */
export function verdictIn(error: unknown): Verdict | null {
  const verdict = own(error, "verdict");
  return typeof own(verdict, "kind") === "string" &&
    typeof own(verdict, "retryable") === "boolean" &&
    typeof own(verdict, "evidence") === "string"
    ? (verdict as Verdict)
    : null;
}

/** The answer that an error of an HTTP client or an SDK carries; `null` when it carries none, or one that was cut off. */
export function answerIn(error: unknown): AnsweredOutcome | null {
  if (error === null || typeof error !== "object") return null;
  const of = error as Record<string, unknown>;
  const response = (of["response"] ?? of["rawResponse"] ?? of["$response"] ?? {}) as Record<string, unknown>;
  const aws = of["$metadata"] as Record<string, unknown> | undefined;
  const status = [response["status"], response["statusCode"], of["status"], of["statusCode"], aws?.["httpStatusCode"]].find(
    (value): value is number => typeof value === "number" && value >= 100 && value <= 599,
  );
  if (status === undefined) {
    // An SDK that read an error event from a stream has a body, and no status.
    return isError(of["error"]) && text(of["code"]) === null ? { status: 200, body: { error: of["error"] } } : null;
  }
  // A success that still failed was cut off while it was read.
  if (status < 400) return null;
  const headers = response["headers"] ?? of["headers"] ?? of["responseHeaders"];
  const body = [of["data"], response["data"], response["body"], of["responseBody"], of["body"], of["error"]].find(isBody);
  return {
    status,
    ...(isHeaders(headers) ? { headers } : {}),
    body: body ?? { message: of["message"], code: aws === undefined ? of["code"] : of["name"], request_id: aws?.["requestId"] },
  };
}

function isError(value: unknown): boolean {
  return own(value, "type") !== undefined || own(value, "message") !== undefined || own(value, "error") !== undefined;
}

function isHeaders(value: unknown): value is HeadersLike {
  return typeof value === "object" && value !== null;
}

function isBody(value: unknown): value is string | object {
  if (typeof value === "string") return true;
  if (typeof value !== "object" || value === null) return false;
  // A stream is not a body yet.
  return !("getReader" in value) && !("pipe" in value);
}

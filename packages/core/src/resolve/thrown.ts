import type { Kind } from "../catalog/catalog.ts";
import { filled } from "./finding.ts";
import type { Phase } from "../verdict.ts";

/** What a thrown value says. */
export interface Thrown {
  readonly kind: Kind;
  readonly retryable: boolean;
  readonly phase: Phase;
  readonly code: string | null;
  readonly message: string | null;
  readonly evidence: string;
}

type Rule = readonly [kind: Kind, retryable: boolean, phase: Phase];

// What codes, class names and messages of Node, undici, axios, got, Bun, Deno, browsers and SDKs are made of. The first
// pattern that fits speaks. Codes and names are matched as `|CODE|`, so that they can be matched whole; messages are
// matched only where the runtime gives neither.
const rules: readonly (readonly [Rule, RegExp])[] = [
  [
    ["network", true, "unsent"],
    /\|(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOST\w+|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ConnectionRefused|FailedToOpenSocket)\||REFUSED_STREAM|\(Connect\)|dns error|onnection refused|^Unable to connect/,
  ],
  [["timeout", true, "unsent"], /CONNECT_TIMEOUT|ConnectTimeout|TLS_HANDSHAKE_TIMEOUT/],
  [
    ["network", false, "unsent"],
    /\|(?:CERT_|DEPTH_ZERO_|ERR_(?:TLS|SSL|OSSL)_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|CRL_|EPROTO\|)/,
  ],
  [
    ["network", false, "unanswered"],
    /\|(?:UND_ERR_(?:HEADERS_OVERFLOW|RES_EXCEEDED\w+|CLOSED|DESTROYED)|HPE_\w+|HTTPParserError)\|/,
  ],
  [
    ["bad_request", false, "unsent"],
    /\|(?:ERR_INVALID_(?:URL|ARG|PROTOCOL|HTTP|CHAR)|UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED)|ERR_UN(?:SUPPORTED_PROTOCOL|ESCAPED)|ERR_HTTP2?_INVALID_|ERR_BAD_(?:REQUEST|OPTION)|ERR_NOT_SUPPORT|InvalidArgumentError)|^(?:bad port|unknown scheme|Failed to parse URL|Invalid URL)/,
  ],
  [
    ["timeout", true, "unanswered"],
    /\|(?:E(?:SOCKET)?TIMEDOUT|ECONNABORTED|UND_ERR_(?:HEADERS_TIMEOUT|BODY_TIMEOUT|INFO)|(?:Headers|Body|APIConnection)?TimeoutError|TimedOut|Timeout|ERR_HTTP_REQUEST_TIMEOUT)\|/,
  ],
  [
    ["client_closed", false, "unanswered"],
    /\|(?:AbortError|ABORT_ERR|(?:UND_)?ERR_ABORTED|ERR_CANCELED|CanceledError|APIUserAbortError)\|/,
  ],
  [
    ["network", true, "unanswered"],
    /\|(?:ECONNRESET|EPIPE|UND_ERR_(?:SOCKET|RES_CONTENT_LENGTH_MISMATCH)|ERR_HTTP2_\w+|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP_CONTENT_LENGTH_MISMATCH|ERR_READING_RESPONSE_STREAM|ERR_NETWORK|ERR_BAD_RESPONSE|Connection(?:Closed|Reset|Aborted)|BrokenPipe|NotConnected|UnexpectedEof|(?:Socket|Network|APIConnection)Error)\||^(?:fetch failed|Failed to fetch|Load failed|Network request failed|Network Error|NetworkError when|terminated|socket hang up|other side closed|error sending request|(?:The )?network connection (?:was )?lost|The socket connection was closed|Premature close|Connection error)/i,
  ],
];

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
  for (let next = error; next !== undefined && next !== null && !seen.has(next) && links.length < linkLimit;) {
    seen.add(next);
    if (typeof next !== "object") {
      links.push({ code: null, name: null, message: filled(String(next)), error: next });
      break;
    }
    const of = next as Record<string, unknown>;
    links.push({ code: filled(of["code"]), name: filled(of["name"]), message: filled(of["message"]), error: next });
    const errors = of["errors"];
    next = of["cause"] ?? (Array.isArray(errors) ? errors[0] : undefined) ?? of["lastError"];
  }
  return links;
}

/** Reads anything thrown, by the innermost code of its causes, then by class, then by what runtimes are known to say. */
export function thrownOf(error: unknown): Thrown {
  const links = chain(error).toReversed();
  const code = links.find((link) => link.code !== null)?.code ?? null;
  const message = links.find((link) => link.message !== null)?.message ?? null;
  const [[kind, retryable, phase], evidence] = ruleOn(links);
  return { kind, retryable, phase, code, message, evidence: `thrown ${evidence}` };
}

function ruleOn(links: readonly Link[]): readonly [Rule, string] {
  for (const link of links) {
    const message = link.message?.slice(0, 500) ?? "";
    for (const word of [link.code, link.name]) {
      const rule = word === null ? undefined : ruleFor(`|${word.slice(0, 80)}|`);
      if (rule !== undefined) return [refined(rule, link, message), word!];
    }
    const rule = message.startsWith("|") ? undefined : ruleFor(message);
    if (rule !== undefined) return [rule, `message ${message.slice(0, 40)}`];
  }
  return [["unknown", false, "unanswered"], links[0]?.name ?? typeof links[0]?.error];
}

function ruleFor(text: string): Rule | undefined {
  return rules.find(([, pattern]) => pattern.test(text))?.[0];
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

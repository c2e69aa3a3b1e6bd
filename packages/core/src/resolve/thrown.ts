import type { Kind } from "../catalog/kinds.ts";
import { filled } from "./own.ts";
import type { Judgement } from "./reading.ts";
import type { Phase } from "../verdict.ts";

/** What a thrown value says. */
export interface Thrown extends Judgement {
  readonly phase: Phase;
  readonly code: string | null;
  readonly message: string | null;
}

// What codes, class names and messages of Node, undici, axios, got, Bun, Deno, browsers and SDKs are made of. The first
// pattern that fits speaks. A code or a name follows a `|`; a message is a line, and is matched where neither tells.
const rules: readonly (readonly [kind: Kind, retryable: boolean, phase: Phase, RegExp])[] = [
  [
    "network",
    true,
    "unsent",
    /\|(?:\w*REFUSED|ENOTFOUND|EAI_|E\w+UNREACH|ENETDOWN|FailedToOpen)|REFUSED_STREAM|before secure TLS|\(Connect\)|dns error|onnection refused|^Unable to connect/im,
  ],
  [
    "timeout",
    true,
    "unsent",
    /\|\w*(?:CONNECT_?|HANDSHAKE_)TIMEOUT|^connect ETIMEDOUT|awaiting '(?:lookup|connect|secureConnect)'/im,
  ],
  ["network", false, "unsent", /\|\w*(?:CERT|SSL_|TLS_|UNABLE_TO|HOSTNAME|EPROTO)/],
  [
    "network",
    false,
    "unanswered",
    /\|(?:HPE_|HTTPParser|UND_ERR_HEADERS_OV)|^(?:redirect count exceeded|unexpected redirect)/m,
  ],
  [
    "bad_request",
    false,
    "unsent",
    /\|(?:InvalidArg|\w*ERR_\w*(?:INVALID_[^S]|BAD_REQ|SUPPORT|UNESC))|^(?:bad port|unknown scheme|Failed to parse URL|Invalid URL)/m,
  ],
  ["timeout", true, "unanswered", /\|(?:\w*TIMED?OUT|ECONNABORTED|UND_ERR_INFO)/i],
  [
    "network",
    true,
    "unanswered",
    /\|(?:ECONNRESET|EPIPE|\w*(?:SOCKET|NETWORK|HTTP2_|CONTENT_LENGTH|READING|PREMATURE|BAD_RESPONSE|Connection))|^(?:fetch failed|Failed to fetch|Load failed|terminated|socket hang up|error sending request|(?:The )?(?:network|socket) ?(?:request|error|connection))/im,
  ],
  ["client_closed", false, "unanswered", /\|\w*(?:ABORT|CANCEL)/i],
];

interface Link {
  readonly code: string | null;
  readonly name: string | null;
  readonly message: string | null;
  readonly error: unknown;
}

const linkLimit = 20;

/** The error, its cause, the cause of that: innermost first, each once. */
function chain(error: unknown): Link[] {
  const links: Link[] = [];
  let next = error;
  while (next !== undefined && next !== null && links.length < linkLimit) {
    const of = (typeof next === "object" ? next : { message: String(next) }) as {
      readonly [key in "code" | "name" | "message" | "cause" | "lastError" | "errors"]?: unknown;
    } & { readonly config?: { readonly signal?: { readonly reason?: unknown } } };
    links.unshift({ code: filled(of.code), name: filled(of.name), message: filled(of.message), error: next });
    // axios has the reason of an abort in its signal.
    next = of.cause ?? (Array.isArray(of.errors) ? of.errors[0] : (of.lastError ?? of.config?.signal?.reason));
    if (links.some((link) => link.error === next)) break;
  }
  return links;
}

/** Reads anything thrown, by the innermost of its causes that some rule knows. */
export function thrownOf(error: unknown): Thrown {
  const links = chain(error);
  const code = links.find((link) => link.code)?.code ?? null;
  const message = links.find((link) => link.message)?.message ?? null;
  for (const link of links) {
    const text = `|${link.code}|${link.name}|\n${link.message}`.slice(0, 500);
    for (const [kind, retryable, phase, pattern] of rules) {
      const match = pattern.exec(text);
      if (match === null) continue;
      const [said] = match;
      const word = said.startsWith("|") ? /\w+/.exec(text.slice(match.index))![0] : `message ${said}`;
      // A network that goes down while bytes are on their way has the codes of one that was never there.
      const midway = /^(?:read|write)/.test(String((link.error as { syscall?: unknown } | null)?.syscall ?? ""));
      return {
        kind,
        retryable,
        phase: midway && phase === "unsent" ? "unanswered" : phase,
        code,
        message,
        evidence: `thrown ${word}`,
      };
    }
  }
  const evidence = `thrown ${links[0]?.name ?? typeof error}`;
  return { kind: "unknown", retryable: false, phase: "unanswered", code, message, evidence };
}

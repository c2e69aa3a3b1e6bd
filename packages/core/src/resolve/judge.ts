import { type Catalog, entryOf, type Fault, type Kind } from "../catalog/catalog.ts";
import type { Answer } from "./answer.ts";
import type { Lexicon } from "./lexicon.ts";
import { hintOf } from "./hint.ts";
import type { HeaderMap } from "./headers.ts";
import { positive } from "./retry-after.ts";
import type { Phase, Verdict } from "../verdict.ts";
import { byWords, plain } from "./words.ts";

interface Judgement {
  readonly kind: Kind;
  readonly retryable: boolean | undefined;
  readonly evidence: string;
}

/** Puts an error into the words of the catalog. */
export function verdictOn(
  catalog: Catalog,
  { kind, retryable, evidence }: Judgement,
  phase: Phase,
  upstream: Verdict["upstream"],
  {
    fault,
    provider,
    retryAfterMs,
  }: { readonly fault?: Fault; readonly provider?: string; readonly retryAfterMs?: number | null } = {},
): Verdict {
  const entry = catalog.kinds[kind];
  const own = upstream.status === null ? undefined : catalog.statuses[upstream.status];
  const { meaning, action } = own?.kind === kind ? own : entry;
  return {
    kind,
    fault: fault ?? entry.fault,
    status: entry.status,
    retryable: retryable ?? entry.retryable,
    retryAfterMs: retryAfterMs ?? null,
    phase,
    meaning,
    action,
    provider: provider ?? null,
    upstream,
    evidence,
  };
}

const proxies = /^(?:awselb|nginx|openresty|envoy|istio|cloudflare|vercel|caddy|varnish)/i;

/** Weighs what an answer says, in the order of evidence. */
export function judge(answer: Answer, lexicon: Lexicon, catalog: Catalog, now: number): Verdict {
  const { status, headers, voice, body, finding } = answer;
  const { kind, retryable: usual, evidence } = kindOf(answer, lexicon, catalog);
  const word = ownWord(headers, finding.retryable);
  const retryable = word?.retryable ?? usual ?? catalog.kinds[kind].retryable;
  const dialect = voice?.dialect;
  const gateway =
    dialect?.gateway === "api" ||
    (body.format !== "json" &&
      (dialect?.gateway === "proxy" || body.format === "html" || proxies.test(headers.get("server") ?? "")));
  return verdictOn(
    catalog,
    { kind, retryable, evidence: word?.evidence ?? evidence },
    "answered",
    {
      status,
      code: finding.codes[0] ?? null,
      message: finding.message,
      requestId: finding.requestId,
    },
    {
      ...(gateway && catalog.kinds[kind].fault === "upstream" ? { fault: "gateway" } : {}),
      ...(dialect === undefined ? {} : { provider: dialect.name }),
      retryAfterMs: retryable
        ? positive(
            hintOf({
              headers,
              objects: finding.objects,
              text: body.format === "html" ? body.text : finding.message,
              now,
            }),
          )
        : null,
    },
  );
}

function kindOf(answer: Answer, lexicon: Lexicon, catalog: Catalog): Judgement {
  const { status, headers, voice, body, finding } = answer;
  const speaker = voice === undefined ? "" : `${voice.dialect.name} `;
  let vague: Judgement | undefined;
  let weak: Judgement | undefined;
  for (const code of [...finding.codes, ...finding.hints]) {
    const sense = lexicon.meaning(code, voice);
    if (sense === undefined || (sense.needsHint && !headers.has("retry-after"))) continue;
    const judgement = { kind: sense.kind, retryable: sense.retryable, evidence: `${speaker}code ${code.slice(0, 80)}` };
    if (sense.weight === "strong") return judgement;
    if (sense.weight === "vague") vague ??= judgement;
    else weak ??= judgement;
  }
  const said = finding.message?.slice(0, 2048) ?? "";
  for (const [sense, pattern] of (said === "" ? undefined : voice?.messages) ?? []) {
    const match = pattern.exec(said);
    if (match === null) continue;
    return { kind: sense.kind, retryable: sense.retryable, evidence: `${speaker}message ${match[0].slice(0, 80)}` };
  }
  // What a status of its own says, no class of codes unsays: too large stays too large.
  if (vague !== undefined && status !== 402 && status !== 413) return vague;
  const behind = finding.original !== null && finding.original < 500 ? finding.original : status;
  const meant = behind >= 400 ? behind : finding.status;
  const sense = voice === undefined || meant === null ? undefined : lexicon.meaning(String(meant), voice);
  if (sense !== undefined)
    return { kind: sense.kind, retryable: sense.retryable, evidence: `${speaker}status ${meant}` };
  const entry = meant === null ? null : entryOf(meant, catalog);
  if (entry !== null) return { kind: entry.kind, retryable: entry.retryable, evidence: `status ${meant}` };
  if (weak !== undefined) return weak;
  const kind = byWords(plain(said))?.[0];
  if (kind !== undefined) return { kind, retryable: undefined, evidence: "words" };
  if (status >= 300) return { kind: "authentication", retryable: undefined, evidence: "header location" };
  if (body.format === "events") return { kind: "upstream", retryable: undefined, evidence: "body events" };
  return { kind: "unknown", retryable: undefined, evidence: `body ${body.format}` };
}

const verdictHeaders = ["x-should-retry", "stripe-should-retry", "x-fal-retryable", "x-fal-needs-retry"];

/** The server's own word on retrying: it decides that, and not the kind. */
function ownWord(headers: HeaderMap, inBody: boolean | null): { retryable: boolean; evidence: string } | null {
  for (const name of verdictHeaders) {
    const value = headers.get(name)?.toLowerCase();
    if (value === "true" || value === "1") return { retryable: true, evidence: `header ${name}` };
    if (value === "false" || value === "0") return { retryable: false, evidence: `header ${name}` };
  }
  if (headers.get("x-fal-request-timeout-type") === "user") {
    return { retryable: false, evidence: "header x-fal-request-timeout-type" };
  }
  if (headers.get("grpc-retry-pushback-ms")?.startsWith("-") === true) {
    return { retryable: false, evidence: "header grpc-retry-pushback-ms" };
  }
  return inBody === null ? null : { retryable: inBody, evidence: "body retryable" };
}

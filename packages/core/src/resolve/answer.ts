import { unwrap } from "./body.ts";
import { decode, type Decoded } from "./decode.ts";

import { failureIn } from "./failure.ts";
import { addCode, awsCode, canonical, type Finding } from "./finding.ts";
import { type HeaderMap, readHeaders } from "./headers.ts";
import type { Lexicon, Voice } from "./lexicon.ts";
import { pageMessage, xmlError } from "./markup.ts";
import type { AnsweredOutcome } from "../outcome.ts";
import { at } from "./own.ts";

/** An answer that is an error, read. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderMap;
  readonly voice: Voice | undefined;
  readonly body: Decoded;
  readonly finding: Finding;
}

/** Reads status, headers and body; `null` when they say success. */
export function readAnswer(outcome: AnsweredOutcome, lexicon: Lexicon, provider: string | undefined): Answer | null {
  const { status } = outcome;
  const headers = readHeaders(outcome.headers);
  const type = headers.get("content-type") ?? "";
  const body = decode(outcome.body, type);
  const newest = body.documents.at(-1);
  const hinted = typeof provider === "string" ? lexicon.named(provider) : undefined;
  const heard = hinted ?? lexicon.recognise(headers, Array.isArray(newest) ? newest[0] : newest);
  const isCode = (code: string): boolean => lexicon.meaning(code, heard)?.listed === true;
  const part = rpcStatus(headers, body, type) ?? failedPart(status, body, headers, hinted, isCode);
  if (part === null) return null;
  const finding = unwrap(part);
  if (body.format === "html") finding.message = pageMessage(body.text);
  const unsure = heard === undefined || (hinted === undefined && heard.dialect.guess === true);
  const told = unsure && finding.message !== null ? lexicon.recogniseText(finding.message.slice(0, 500)) : undefined;
  const voice = told ?? heard;
  complete(finding, body, headers, voice);
  return { status, headers, voice, body, finding };
}

function failedPart(
  status: number,
  { format, documents, text }: Decoded,
  headers: HeaderMap,
  hinted: Voice | undefined,
  isCode: (code: string) => boolean,
): unknown {
  const failed = status >= 400;
  switch (format) {
    case "json":
    case "events": {
      for (let index = documents.length - 1; index >= 0; index--) {
        const part = failureIn(documents[index], isCode);
        if (part !== null) return part;
      }
      if (failed) return documents.at(-1) ?? {};
      // A stream of nothing but comments was kept alive and never answered.
      return format === "events" && documents.length === 0 && !text.includes("data:") ? {} : null;
    }
    case "xml":
      return failed || /<Error[ >]/.test(text.slice(0, 512)) ? xmlError(text) : null;
    case "html":
      // An API answers a call in HTML only when something else answered for it.
      return failed || (status < 300 && isStandIn(pageMessage(text), hinted)) ? {} : null;
    default:
      if (failed) return text;
      return status >= 300 && /log-?in|sign-?in|sso|saml|oauth|\bauth/i.test(headers.get("location") ?? "") ? {} : null;
  }
}

function isStandIn(title: string | null, hinted: Voice | undefined): boolean {
  return hinted !== undefined || /^(?:sign|log) ?in\b|\blogin$|wi-?fi|captive|^just a moment/i.test(title ?? "");
}

/** gRPC tells its status beside the HTTP one: in a header, or in the trailer frame at the end of a gRPC-web body. */
function rpcStatus(headers: HeaderMap, { text }: Decoded, type: string): object | null {
  let status = headers.get("grpc-status");
  let message = headers.get("grpc-message");
  if (status === undefined && type.startsWith("application/grpc")) {
    const frames = text.includes("grpc-status") ? text : fromBase64(text);
    status = /grpc-status: *(\d{1,2})/i.exec(frames)?.[1];
    message = /grpc-message: *([^\r\n]*)/i.exec(frames)?.[1];
  }
  if (status === undefined || status === "0") return null;
  return { status: canonical[Number(status)], message: message === undefined ? undefined : percentDecoded(message) };
}

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const codeHeaders = ["x-amz-error-code", "x-vercel-error", "x-fal-error-type"];
const hintHeaders = ["x-ratelimit-type", "cf-mitigated"];

/** Adds what stands outside the document: in headers, in the page, in the text, in fields of one provider. */
function complete(finding: Finding, body: Decoded, headers: HeaderMap, voice: Voice | undefined): void {
  const add = (code: unknown): void => addCode(code, finding);
  const root = body.documents.at(-1);
  for (const path of voice?.codeAt ?? []) add(at(root, path));
  add(awsCode(headers.get("x-amzn-errortype")));
  for (const name of codeHeaders) add(headers.get(name));
  add(headers.get("x-squid-error")?.split(" ", 1)[0]);
  const challenge = headers.get("www-authenticate");
  if (challenge !== undefined) {
    add(/\berror="?([\w.-]{1,80})/.exec(challenge)?.[1]);
    finding.message ??= /\berror_description="([^"]{1,500})"/.exec(challenge)?.[1] ?? null;
  }
  for (const name of hintHeaders) {
    const hint = headers.get(name);
    if (hint !== undefined) finding.hints.push(hint);
  }
  const inText =
    finding.message === null ? undefined : voice?.dialect.codeIn?.exec(finding.message.slice(0, 2048))?.[1];
  add(inText);
  finding.requestId ??= idInText(finding.message, body) ?? idInHeaders(headers);
}

function idInText(message: string | null, { format, text }: Decoded): string | null {
  if (format === "html")
    return (
      /Reference(?: |&#32;)(?:#|&#35;)([\w.&#;]{1,80})/.exec(text.slice(0, 4096))?.[1]?.replaceAll("&#46;", ".") ?? null
    );
  return message?.endsWith(")") === true
    ? (/\(request id: ([\w-]{1,80})\)$/i.exec(message.slice(-100))?.[1] ?? null)
    : null;
}

const idHeaders =
  "x-request-id request-id x-amzn-requestid x-amz-request-id apim-request-id x-ms-request-id x-ms-client-request-id x-fal-request-id x-generation-id x-github-request-id dg-request-id x-litellm-call-id x-portkey-trace-id x-kong-request-id x-slack-req-id x-amz-apigw-id cf-ray x-vercel-id x-amz-cf-id x-cloud-trace-context";
const idRank: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ idHeaders.split(" ").map((name, rank) => [name, rank]),
);

function idInHeaders(headers: HeaderMap): string | null {
  let best: string | null = null;
  let bestRank = Infinity;
  for (const [name, value] of headers) {
    const rank = idRank.get(name);
    if (rank === undefined || rank >= bestRank || value === "") continue;
    best = value;
    bestRank = rank;
  }
  return best ?? /^[\da-f]{2}-([\da-f]{32})-/.exec(headers.get("traceparent") ?? "")?.[1] ?? null;
}

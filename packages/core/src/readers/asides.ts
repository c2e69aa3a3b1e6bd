import { addCode } from "../resolve/answer.ts";
import { firstOf } from "../resolve/judge.ts";
import type { Reader, Reading } from "../resolve/reading.ts";

const codeHeaders = ["x-amzn-errortype", "x-amz-error-code", "x-vercel-error", "x-fal-error-type", "x-squid-error"];
const hintHeaders = ["x-ratelimit-type", "cf-mitigated"];
// Whether to retry: true or false, 1 or 0. The last one found speaks.
const verdictHeaders = ["x-fal-needs-retry", "x-fal-retryable", "stripe-should-retry"];
// What begins like this says no: less than no time to wait, the caller's own timeout.
const refusals = [
  ["grpc-retry-pushback-ms", "-"],
  ["x-fal-request-timeout-type", "user"],
] as const;
// Ids of the request first, those of a network on the way last.
const idHeaders =
  /* @__PURE__ */ "x-request-id request-id x-amzn-requestid x-amz-request-id apim-request-id x-ms-request-id x-ms-client-request-id x-fal-request-id x-generation-id x-github-request-id dg-request-id x-litellm-call-id x-portkey-trace-id x-kong-request-id x-slack-req-id x-amz-apigw-id cf-ray x-vercel-id x-amz-cf-id x-cloud-trace-context".split(
    " ",
  );

/** Reads what stands beside the error object: codes, ids and words on retrying in headers, ids in the text. */
export const asides: Reader = {
  close(reading) {
    const { headers } = reading;
    for (const name of codeHeaders) {
      // `Code:http://…`, or a number behind it
      addCode(headers.get(name)?.replace(/^.*#|[:, ].*/g, ""), reading);
    }
    for (const name of hintHeaders) {
      const hint = headers.get(name);
      if (hint) reading.hints.push(hint);
    }
    const challenge = headers.get("www-authenticate");
    if (challenge) {
      addCode(/\berror="?([\w.-]{1,80})/.exec(challenge)?.[1], reading);
      reading.message ??= /\berror_description="([^"]{1,500})"/.exec(challenge)?.[1] ?? null;
    }
    const say = (name: string, retryable: boolean): void => {
      reading.word = { retryable, evidence: `header ${name}` };
    };
    for (const [name, start] of refusals) if (headers.get(name)?.startsWith(start)) say(name, false);
    for (const name of verdictHeaders) {
      const word = /^(?:(true|1)|false|0)$/i.exec(headers.get(name) ?? "");
      if (word) say(name, word[1] !== undefined);
    }
    reading.requestId ??=
      idInText(reading) ??
      firstOf(idHeaders, (name) => headers.get(name) || null) ??
      /^..-([\da-f]{32})-/.exec(headers.get("traceparent") ?? "")?.[1] ??
      null;
  },
};

function idInText({ message, format, text }: Reading): string | undefined {
  if (format !== "html") return /\(request id: ([\w-]{1,80})\)$/i.exec(message?.slice(-100) ?? "")?.[1];
  // Akamai
  return /Reference(?: |&#32;)(?:#|&#35;)([\w.&#;]{1,80})/.exec(text.slice(0, 4096))?.[1]?.replaceAll("&#46;", ".");
}

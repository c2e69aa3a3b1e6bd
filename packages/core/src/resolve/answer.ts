import { readBody } from "./body.ts";
import { readHeaders } from "./headers.ts";
import { firstOf } from "./judge.ts";
import type { AnsweredOutcome } from "../outcome.ts";
import { at, filled, isFilled, own } from "./own.ts";
import type { Reading, Steps } from "./reading.ts";
import { unwrap } from "./unwrap.ts";

/** Reads status, headers and body; `null` when they say success. */
export function readAnswer(
  { status, headers: given, body: raw }: AnsweredOutcome,
  steps: Steps,
  now: number,
  provider: string,
): Reading | null {
  const headers = readHeaders(given);
  const { text, format, documents } = readBody(raw, headers.get("content-type"));
  const reading: Reading = {
    status,
    headers,
    provider,
    now,
    text,
    format,
    documents,
    part: undefined,
    otherwise: null,
    asked: undefined,
    dialect: undefined,
    codes: [],
    hints: [],
    objects: [],
    message: null,
    requestId: null,
    meant: status >= 400 ? status : 0,
    word: null,
    gateway: false,
  };
  for (const open of steps.open) open(reading);
  const part = failedPart(reading, steps);
  if (part === null) return null;
  const told = unwrap(part, (of) => gather(of, reading, steps));
  reading.message ??= told;
  for (const close of steps.close) close(reading);
  reading.requestId ??= filled(headers.get("x-request-id"));
  const word = headers.get("x-should-retry");
  if (word === "true" || word === "false") {
    reading.word = { retryable: word === "true", evidence: "header x-should-retry" };
  }
  return reading;
}

/** What of the body is the error; `null` when nothing is. */
function failedPart(reading: Reading, steps: Steps): unknown {
  const { documents, part } = reading;
  if (part !== undefined) return part;
  for (const document of documents.toReversed()) {
    const found = firstOf(steps.failureIn, (failureIn) => failureIn(document, reading));
    if (found !== null) return found;
  }
  const newest = documents.at(-1);
  if (reading.status < 400 && !isFilled(own(newest, "error"))) return null;
  return newest ?? (reading.format === "text" ? reading.text : {});
}

/** Takes what one object says. */
function gather(of: object, reading: Reading, steps: Steps): void {
  reading.objects.push(of);
  addCode(at(of, ["details", "error_code"]), reading);
  addCode(own(of, "code"), reading);
  reading.requestId ??= filled(own(of, "request_id"));
  for (const take of steps.gather) take(of, reading);
  const status = own(of, "status");
  if (typeof status === "number") addCode(status, reading);
  addCode(own(of, "type"), reading);
}

/** Takes a value as a code if it can be one: no status, no placeholder. */
export function addCode(value: unknown, reading: Reading): void {
  // AWS puts a link behind it.
  const word =
    typeof value === "number" ? `${value}` : typeof value === "string" ? value.replace(/[:,]http.*/, "") : value;
  if (typeof word !== "string" || /^(?:|0|None|error|about:blank|response\..*)$/.test(word)) return;
  if (/^[1-5]\d\d$/.test(word)) reading.meant ||= Number(word);
  else reading.codes.push(word);
}

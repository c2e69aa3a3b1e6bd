import { STATUS_CODES } from "node:http";
import { type Attempt, redact, toWire } from "@failwell/core";
import type { Call } from "./call.ts";
import { duration, moment } from "./duration.ts";
import { type Paint, plain } from "./paint.ts";
import { labelOf, outcomeOf } from "./row.ts";
import { wrap } from "./wrap.ts";

const LABEL = 12;

/**
 * Tells one failed call from its request to what the caller got, and what a gateway would tell its own client. What the
 * provider wrote appears redacted only.
 */
export function explain(call: Call, width: number, paint: Paint = plain): string {
  const { method, url, attempts, verdict, status, error } = call;
  const { host, pathname } = new URL(url);
  const section = (label: string, text: string): string[] =>
    wrap(text, width - LABEL).map((line, index) => paint("bold", (index === 0 ? label : "").padEnd(LABEL)) + line);

  const lines = section("request", `${method} http://${host}${pathname}`);
  attempts.forEach((attempt, index) => {
    lines.push(...section(index === 0 ? "attempts" : "", attemptLine(attempt)));
    lines.push(...section("", attemptDetail(attempt)));
  });
  if (verdict !== null) {
    const { kind, fault, retryable, retryAfterMs, provider, phase, upstream, meaning, action } = verdict;
    const hint = retryAfterMs === null ? "" : `, not before ${duration(retryAfterMs)}`;
    lines.push(
      ...section("verdict", `${kind}, fault: ${fault}; ${retryable ? `retryable${hint}` : "not retryable"}`),
      ...section("meaning", meaning),
      ...section("action", action),
    );
    if (upstream.message !== null) {
      const shown = redact(upstream.message, { maxLength: 600 });
      lines.push(
        ...section(
          "raw",
          `${phase === "answered" ? `${provider ?? "the upstream"} wrote` : "the error says"}, redacted:`,
        ),
        ...section("", shown),
        ...section("redacted", tagsIn(shown, upstream.message)),
      );
    }
  }
  lines.push(...section("caller got", gotLine(call)));
  const overcome = error === null && status !== null && status < 400 && attempts.length > 1;
  if (verdict !== null && !overcome) {
    const answer = toWire(verdict, { errorId: "err_7f3a9c" });
    lines.push(
      ...section(
        "a gateway",
        `would answer its own client, with its own reference and nothing of the provider's text:`,
      ),
    );
    lines.push(...section("", `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}`));
    for (const [name, value] of Object.entries(answer.headers)) lines.push(...section("", `${name}: ${value}`));
    lines.push(...section("", JSON.stringify(answer.body)));
  }
  return lines.join("\n");
}

function attemptLine(attempt: Attempt): string {
  const { number, startedMs, elapsedMs, kind, evidence } = attempt;
  const meaning = kind === null ? "" : `, ${kind} by ${redact(evidence ?? "")}`;
  return `${number}. at ${moment(startedMs)}: ${labelOf(attempt)} after ${duration(elapsedMs)}${meaning}`;
}

function attemptDetail({ retryAfterMs, requestId, waitMs, stop }: Attempt): string {
  return [
    ...(retryAfterMs === null ? [] : [`hint ${duration(retryAfterMs)}`]),
    ...(requestId === null ? [] : [`request id ${redact(requestId)}`]),
    waitMs === null ? `then ${stop === "settled" ? "" : "stop: "}${stop}` : `then waited ${duration(waitMs)}`,
  ].join(", ");
}

function gotLine(call: Call): string {
  const { status, body, error } = call;
  if (error !== null) return `${outcomeOf(call)}: ${redact(error instanceof Error ? error.message : String(error))}`;
  return `the last response as it came: status ${status}, a body of ${body?.length ?? 0} characters still to be read`;
}

/** Which tags redaction put in, and how many of each. */
function tagsIn(shown: string, raw: string): string {
  const counts = new Map<string, number>();
  for (const [tag] of shown.matchAll(/\[[a-z]+\]/g)) {
    if (!raw.includes(tag)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].map(([tag, count]) => `${count} × ${tag}`).join(", ") || "nothing";
}

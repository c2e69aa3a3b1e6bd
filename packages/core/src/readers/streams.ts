import { parsed } from "../resolve/own.ts";
import type { Reader } from "../resolve/reading.ts";

// An error ends a stream: what stands before the last few documents cannot be one.
const documentLimit = 32;

/** Reads several documents in one body: server-sent events, NDJSON, an error appended to an answer. */
export const streams: Reader = {
  open(reading) {
    const { text, format, documents, headers } = reading;
    if (format === "json" && documents.length === 0) reading.documents = lastDocuments(text);
    if (format !== "text") return;
    if (!/^(?:data|event|id|retry):/.test(text) && !headers.get("content-type")?.startsWith("text/event-stream"))
      return;
    reading.format = "events";
    reading.documents = eventsOf(text);
    reading.otherwise = { kind: "upstream", evidence: "body events" };
    // A stream of nothing but comments was kept alive and never answered.
    if (reading.documents.length === 0 && !text.includes("data:")) reading.part = {};
  },
};

/** What stands behind one another in a text. */
function lastDocuments(text: string): unknown[] {
  const ends: [number, number][] = [];
  let depth = 0;
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index]!;
    if (char === '"') quoted = !quoted;
    else if (quoted) index += char === "\\" ? 1 : 0;
    else if (char === "{" || char === "[") {
      if (depth++ === 0) start = index;
    } else if ((char === "}" || char === "]") && depth > 0 && --depth === 0) ends.push([start, index + 1]);
  }
  return ends.slice(-documentLimit).flatMap(([from, to]) => parsed(text.slice(from, to)));
}

function eventsOf(text: string): unknown[] {
  return text
    .split(/\r?\n\r?\n/)
    .filter((block) => block.trim() !== "")
    .slice(-documentLimit)
    .flatMap(documentOf);
}

function documentOf(event: string): unknown[] {
  const field = (name: string): string =>
    event
      .split(/\r?\n/)
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim())
      .join("\n");
  const data = field("data");
  const value = /^\[?\{/.test(data) ? parsed(data) : [];
  // An error event is an error whatever its data looks like.
  return field("event") === "error" ? [{ type: "error", error: value.length === 0 ? data : value[0] }] : value;
}

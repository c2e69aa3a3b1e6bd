const byteLimit = 65_536;
// An error ends a stream: what stands before the last few documents cannot be one.
const documentLimit = 32;

/** A body, decoded: the documents found in it, or its text. */
export interface Decoded {
  readonly format: "none" | "json" | "events" | "html" | "xml" | "text";
  /** The parsed documents in order of arrival: one for JSON, one per event, one per line. */
  readonly documents: readonly unknown[];
  readonly text: string;
}

const none: Decoded = { format: "none", documents: [], text: "" };

/**
 * Reads the first 64 KiB of a body of any format, whatever the content type says: JSON (also several documents, also
 * behind `)]}'`), server-sent events, HTML, XML, plain text. Never throws on text or bytes.
 */
export function decode(body: unknown, contentType: string): Decoded {
  if (typeof body === "string") return sniff(body.length > byteLimit ? body.slice(0, byteLimit) : body, contentType);
  if (body === null || typeof body !== "object") return none;
  const bytes = ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : body instanceof ArrayBuffer
      ? new Uint8Array(body)
      : null;
  if (bytes === null) return { format: "json", documents: [body], text: "" };
  return sniff(textOf(bytes.subarray(0, byteLimit), contentType), contentType);
}

function textOf(bytes: Uint8Array, contentType: string): string {
  const charset = /charset="?([\w.:-]{1,40})/i.exec(contentType)?.[1];
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function sniff(text: string, contentType: string): Decoded {
  let start = 0;
  while (text.charCodeAt(start) <= 32 || text.charCodeAt(start) === 0xfeff) start++;
  const first = text[start];
  if (first === undefined) return none;
  if (first === "{" || first === "[" || first === '"') return json(start === 0 ? text : text.slice(start), first);
  if (first === "<") return { format: isPage(text.slice(start, start + 2048)) ? "html" : "xml", documents: [], text };
  if (text.startsWith(")]}'", start)) return sniff(text.slice(start + 4).replace(/^,/, ""), contentType);
  if (/^(?:data|event|id|retry):/.test(text.slice(start, start + 6)) || contentType.startsWith("text/event-stream")) {
    return { format: "events", documents: eventsOf(text), text };
  }
  text = text.trim();
  return text === "null" ? none : { format: "text", documents: [], text };
}

function isPage(head: string): boolean {
  return /<(?:!doctype html|html)\b/i.test(head) || (!head.startsWith("<?xml") && /<(?:title|h1)\b/i.test(head));
}

function json(text: string, first: string): Decoded {
  try {
    return { format: "json", documents: [JSON.parse(text)], text };
  } catch {
    if (first === '"') return { format: "text", documents: [], text };
    return { format: "json", documents: lastDocuments(text), text };
  }
}

/** What stands behind one another in a text, such as NDJSON or an error appended to an answer. */
function lastDocuments(text: string): unknown[] {
  const ends: [number, number][] = [];
  let depth = 0;
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === 0x22) quoted = !quoted;
    else if (quoted) index += char === 0x5c ? 1 : 0;
    else if (char === 0x7b || char === 0x5b) {
      if (depth++ === 0) start = index;
    } else if ((char === 0x7d || char === 0x5d) && depth > 0 && --depth === 0) ends.push([start, index + 1]);
  }
  return ends.slice(-documentLimit).flatMap(([from, to]) => parsed(text.slice(from, to)));
}

/** The value in a list of one, or an empty list: JSON has no value that could stand for none. */
export function parsed(text: string): [unknown] | [] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

function eventsOf(text: string): unknown[] {
  const events: { name: string; data: string }[] = [];
  let name = "";
  let data = "";
  // The blank line at the end dispatches what an interrupted stream left open.
  for (const line of [...text.split("\n"), ""]) {
    const field = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (field.startsWith("data:")) data += (data === "" ? "" : "\n") + field.slice(5).trim();
    else if (field.startsWith("event:")) name = field.slice(6).trim();
    else if (field === "" && (name !== "" || data !== "")) {
      events.push({ name, data });
      name = data = "";
    }
  }
  return events.slice(-documentLimit).flatMap(documentOf);
}

function documentOf({ name, data }: { readonly name: string; readonly data: string }): unknown[] {
  const value = data.startsWith("{") || data.startsWith("[{") ? parsed(data) : [];
  // An error event is an error whatever its data looks like.
  return name === "error" ? [{ type: "error", error: value.length === 0 ? data : value[0] }] : value;
}

import { parsed } from "./own.ts";

/** A body as it came: its text, and the documents in it when it is JSON. */
export interface Body {
  readonly text: string;
  readonly format: "none" | "json" | "text" | "markup";
  readonly documents: readonly unknown[];
}

const byteLimit = 65_536;

/** Reads the first 64 KiB of a body, as JSON if it looks like it, whatever the content type says. Never throws on text or bytes. */
export function readBody(body: unknown, contentType: string | undefined): Body {
  if (typeof body !== "object" || body === null) return sniff(typeof body === "string" ? body : "");
  const bytes = ArrayBuffer.isView(body) ? body : body instanceof ArrayBuffer ? new Uint8Array(body) : null;
  return bytes === null
    ? { text: "", format: "json", documents: [body] }
    : sniff(
        decoded(new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, byteLimit)), contentType),
      );
}

function decoded(bytes: Uint8Array, contentType = ""): string {
  try {
    return new TextDecoder(/charset="?([\w.:-]+)/i.exec(contentType)?.[1]).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function sniff(whole: string): Body {
  // Trimmed, so that no byte order mark is left; Google guards JSON against being run as a script.
  const text = whole
    .slice(0, byteLimit)
    .trim()
    .replace(/^\)\]\}',?/, "");
  if (text === "" || text === "null") return { text, format: "none", documents: [] };
  if (text[0] === "<") return { text, format: "markup", documents: [] };
  const documents = /^\s*["[{]/.test(text) ? parsed(text) : [];
  return { text, format: documents.length > 0 || /^\s*[[{]/.test(text) ? "json" : "text", documents };
}

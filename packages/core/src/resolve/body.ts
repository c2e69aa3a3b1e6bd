import { parsed } from "./decode.ts";
import { filled, type Finding, gather, listLimit } from "./finding.ts";
import { own } from "./own.ts";

/** Finds code, message and request id in a parsed body. Reads own properties only, to a bounded depth and number. */
export function unwrap(value: unknown): Finding {
  const found: Finding = {
    codes: [],
    hints: [],
    objects: [],
    message: null,
    requestId: null,
    status: null,
    original: null,
    retryable: null,
  };
  found.message = visit(value, { found, left: visitLimit, muted: false }, 0);
  return found;
}

interface Walk {
  readonly found: Finding;
  left: number;
  /** Only text is wanted, no codes. */
  muted: boolean;
}

const depthLimit = 20;
// Bodies that come as objects may be cyclic, and every level offers many ways down.
const visitLimit = 300;

// In order: the text of an object is that of the first of these that has one.
const envelopes = [
  "error",
  "errors",
  "detail",
  "message",
  "Message",
  "msg",
  "fault",
  "faultstring",
  "base_resp",
  "status_msg",
  "response",
  "Error",
  "title",
  "error_description",
  "err_msg",
  "messege",
  "failure",
  "failure_reason",
  "description",
];

function visit(value: unknown, walk: Walk, depth: number): string | null {
  if (typeof value === "string") return told(value, walk, depth);
  if (value === null || typeof value !== "object" || depth > depthLimit || walk.left-- < 0) return null;
  if (Array.isArray(value)) return listed(value, walk, depth);
  const text = inside(value, walk, depth);
  if (!walk.muted) gather(value, walk.found);
  return text;
}

/** A text, or what stands in a JSON document that was put into a text. */
function told(text: string, walk: Walk, depth: number): string | null {
  const first = text.trimStart()[0];
  if (first === undefined) return null;
  if ((first === "{" || first === "[") && depth < 6) {
    const [value] = parsed(text);
    if (typeof value === "object") return visit(value, walk, depth + 1) ?? text;
  }
  return text;
}

function listed(values: readonly unknown[], walk: Walk, depth: number): string | null {
  const texts: string[] = [];
  const { muted } = walk;
  for (const value of values.slice(0, listLimit)) {
    const text = visit(value, walk, depth + 1);
    if (text === null) continue;
    texts.push(text);
    // The first element with a text speaks for all; the others lend their text.
    walk.muted = true;
  }
  walk.muted = muted;
  return texts.length === 0 ? null : texts.join("; ");
}

function inside(of: object, walk: Walk, depth: number): string | null {
  const error = own(of, "error");
  const message = filled(own(of, "message"));
  if (typeof error === "string") {
    // A sentence beside the name of the class is the better one.
    const described = message ?? filled(own(of, "error_description"));
    if (described !== null) return told(described, walk, depth);
  } else if (typeof error !== "object" || error === null) {
    const title = filled(own(of, "title"));
    if (title !== null) return filled(own(of, "detail")) ?? message ?? title;
  }
  let heard: string | null = null;
  for (const key of envelopes) {
    const value = own(of, key);
    if (value === undefined || value === null || typeof value === "boolean") continue;
    // The elements of a list of details name what is wrong with each field, not the error.
    const { muted } = walk;
    walk.muted ||= key === "detail" && Array.isArray(value);
    heard = visit(value, walk, depth + 1);
    walk.muted = muted;
    if (heard !== null) break;
  }
  const raw = own(own(of, "metadata"), "raw");
  return raw !== undefined && (heard === null || heard === "Provider returned error")
    ? (visit(raw, walk, depth + 1) ?? heard)
    : heard;
}

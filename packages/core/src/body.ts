import { own } from "./dialect.ts";
import { parsed } from "./decode.ts";

/** What a body says, unwrapped from whatever envelope it came in. */
export interface Finding {
  /** Machine codes as they came, the most specific one first. */
  readonly codes: string[];
  /** Further words that tell what a code means, and are none. */
  readonly hints: string[];
  /** The objects it was found in, innermost first. */
  readonly objects: object[];
  message: string | null;
  requestId: string | null;
  /** A status that the body names. */
  status: number | null;
  /** The status that somebody behind the server gave it. */
  original: number | null;
  /** The server's own word on retrying. */
  retryable: boolean | null;
}

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
const listLimit = 50;

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

/** The value if it is a text with something in it. */
function filled(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function gather(of: object, found: Finding): void {
  found.objects.push(of);
  const code = (value: unknown): void => addCode(value, found);
  const details = own(of, "details");
  code(own(details, "error_code"));
  code(own(of, "code"));
  if (Array.isArray(details)) readDetails(details, found);
  const metadata = own(of, "metadata");
  if (metadata !== undefined) {
    for (const key of ["error_type", "reason", "provider_error_code"]) code(own(metadata, key));
    hint(own(metadata, "limit_source"), found);
  }
  code(own(own(of, "extensions"), "code"));
  for (const key of ["errorCode", "error_name", "error_code", "err_code", "reason", "errorcode", "error_type"]) {
    code(own(of, key));
  }
  const errors = own(of, "errors");
  if (Array.isArray(errors)) code(own(errors[0], "reason"));
  const name = own(of, "name");
  const id = own(of, "id");
  if (typeof name === "string" && typeof id === "string") {
    code(name);
    found.requestId ??= id;
  }
  const status = own(of, "status");
  if (typeof status === "number") code(status);
  else if (typeof status === "string" && canonical.includes(status)) code(status);
  const type = own(of, "type");
  if (typeof type === "string" && type !== "error" && type !== "about:blank" && !type.startsWith("response."))
    code(type);
  code(awsCode(own(of, "__type")));
  const slug = own(of, "error");
  if (typeof slug === "string" && (own(of, "ok") === false || own(of, "error_description") !== undefined)) code(slug);
  hint(own(own(of, "innererror"), "code"), found);
  const original = own(of, "originalStatusCode");
  if (typeof original === "number") found.original ??= original;
  const retryable = own(of, "retryable");
  if (typeof retryable === "boolean") found.retryable ??= retryable;
  found.requestId ??= requestIdOf(of);
}

function hint(value: unknown, found: Finding): void {
  if (typeof value === "string") found.hints.push(value);
}

/** Takes a value as a code if it can be one: no status, no placeholder. */
export function addCode(value: unknown, found: Finding): void {
  const word = typeof value === "number" ? String(value) : value;
  if (typeof word !== "string" || word === "" || word === "None" || word === "0") return;
  if (/^[1-5]\d\d$/.test(word)) found.status ??= Number(word);
  else found.codes.push(word);
}

function readDetails(details: readonly unknown[], found: Finding): void {
  for (const detail of details.slice(0, listLimit)) {
    addCode(own(detail, "reason"), found);
    const violations = own(detail, "violations");
    if (Array.isArray(violations)) for (const one of violations.slice(0, listLimit)) hint(own(one, "quotaId"), found);
  }
}

/** `namespace#Code:http://…` is `Code`. */
export function awsCode(value: unknown): string | null {
  return typeof value === "string" ? value.slice(value.indexOf("#") + 1).split(/[:,]/, 1)[0]! : null;
}

function requestIdOf(of: object): string | null {
  for (const key of ["request_id", "requestId", "error_id", "RequestId", "generationId", "ray_id"]) {
    const id = filled(own(of, key));
    if (id !== null) return id;
  }
  return filled(own(own(of, "innerError"), "request-id"));
}

/** The names of gRPC's statuses, by number. */
export const canonical: readonly string[] =
  /* @__PURE__ */ "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED".split(
    " ",
  );

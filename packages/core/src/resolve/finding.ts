import { own } from "./own.ts";

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

/** Of a list, only so many elements are looked at. */
export const listLimit = 50;

/** The value if it is a text with something in it. */
export function filled(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

const metadataKeys = ["error_type", "reason", "provider_error_code"];
const codeKeys = ["errorCode", "error_name", "error_code", "err_code", "reason", "errorcode", "error_type"];
const idKeys = ["request_id", "requestId", "error_id", "RequestId", "generationId", "ray_id"];

/** Takes what one object says: codes, hints, ids; to be called from the inside out. */
export function gather(of: object, found: Finding): void {
  found.objects.push(of);
  const code = (value: unknown): void => addCode(value, found);
  const details = own(of, "details");
  code(own(details, "error_code"));
  code(own(of, "code"));
  if (Array.isArray(details)) readDetails(details, found);
  const metadata = own(of, "metadata");
  if (metadata !== undefined) {
    for (const key of metadataKeys) code(own(metadata, key));
    hint(own(metadata, "limit_source"), found);
  }
  code(own(own(of, "extensions"), "code"));
  for (const key of codeKeys) code(own(of, key));
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
  for (const key of idKeys) {
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

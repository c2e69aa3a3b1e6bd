import type { Kind } from "../catalog/kinds.ts";
import { catalog } from "../catalog/catalog.ts";
import { aliases, openai, URN } from "./names.ts";
import type { WireDialect } from "./to-wire.ts";

/** What an error object says; `null` for what it does not. Nothing is redacted. */
export interface WireError {
  /** `null`: an error, in none of the four dialects. */
  readonly dialect: WireDialect | null;
  readonly message: string | null;
  readonly type: string | null;
  /** A slug, a reason phrase or a number, as it came. */
  readonly code: string | number | null;
  readonly errorId: string | null;
  readonly requestId: string | null;
  /** Only when the body names it. */
  readonly status: number | null;
  /** From code, else type, else reason phrase or status. */
  readonly kind: Kind | null;
  readonly retryAfterMs: number | null;
}

/**
 * Reads an error object of any of the four dialects, and of those near them, out of a value, JSON text or its bytes.
 * `null` when there is no error in it, or it is longer than 64 KiB.
 *
 * Reads back the kind of every error that `toWire` wrote, but for Anthropic's dialect, which has ten types: there
 * a kind comes back as the nearest one that Anthropic has a type for. Never throws.
 */
export function fromWire(body: unknown): WireError | null {
  try {
    return read(parse(body));
  } catch {
    return null;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const MAX_LENGTH = 65_536;

function parse(body: unknown): unknown {
  const json = body instanceof Uint8Array && body.length <= MAX_LENGTH ? new TextDecoder().decode(body) : body;
  // Trimmed, because a byte order mark is no JSON.
  return typeof json === "string" && json.length <= MAX_LENGTH ? JSON.parse(json.trim()) : json;
}

function read(top: unknown): WireError | null {
  if (!isFields(top)) return null;
  const error = own(top, "error");
  // `error: null` and the like say that all went well.
  if (Object.hasOwn(top, "error") && !error) return null;
  const detail = own(top, "detail");
  const inner = [error, detail].find(isFields);
  const from = (key: string): unknown => (inner && own(inner, key)) ?? own(top, key);

  const type = text(inner === undefined ? own(top, "type") : own(inner, "type"));
  const numbers = [from("status"), from("statusCode"), from("code")].map(Number);
  const status = numbers.find((n) => Number.isInteger(n) && n >= 400 && n <= 599) ?? null;
  const message =
    text(from("message")) ??
    text(from("error_description")) ??
    text(detail) ??
    text(list(detail)) ??
    text(error) ??
    (status === null ? null : text(own(top, "title")));
  const said = from("code") ?? (text(error) === message ? null : error);
  const code = typeof said === "number" ? said : text(said);
  // A body with nothing but a type or a code may be anything.
  if (message === null && (inner === undefined || (type === null && code === null))) return null;

  const wait = from("retry_after");
  return {
    dialect: dialectOf(top, inner, type),
    message,
    type,
    code,
    errorId: text(from("error_id")),
    requestId: text(from("request_id")),
    status,
    kind: kindOf(type?.startsWith(URN) ? type : code) ?? kindOf(type) ?? kindOfStatus(code, status),
    retryAfterMs: typeof wait === "number" && wait > 0 && wait < Infinity ? wait * 1000 : null,
  };
}

function dialectOf(top: Fields, inner: Fields | undefined, type: string | null): WireDialect | null {
  if (inner === undefined) return type?.startsWith(URN) || typeof own(top, "title") === "string" ? "problem" : null;
  if (own(top, "type") === "error") return "anthropic";
  return Object.hasOwn(inner, "param") ? "openai" : "failwell";
}

function kindOf(word: string | number | null): Kind | null {
  if (typeof word !== "string") return null;
  const name = word.startsWith(URN) ? word.slice(URN.length) : word;
  const kinds = Object.values(catalog.kinds);
  return (
    kinds.find(({ kind, type }) => kind === name || type === name || openai[kind][0] === name)?.kind ??
    (Object.hasOwn(aliases, name) ? aliases[name]! : null)
  );
}

function kindOfStatus(code: string | number | null, status: number | null): Kind | null {
  const entries = Object.values(catalog.statuses);
  const entry =
    entries.find((each) => slug(each.code) === slug(code)) ?? entries.find((each) => each.status === status);
  return entry?.kind ?? null;
}

// Some write "Bad Gateway", some bad_gateway.
function slug(phrase: unknown): string {
  return String(phrase)
    .toLowerCase()
    .replace(/[^a-z]+/g, "_");
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, 4096) : null;
}

// FastAPI's list of what is wrong with which field
function list(detail: unknown): string | null {
  if (!Array.isArray(detail)) return null;
  return detail
    .slice(0, 9)
    .map((each) => text(isFields(each) ? own(each, "msg") : each))
    .filter(Boolean)
    .join("; ");
}

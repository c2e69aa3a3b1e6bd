import type { HeadersLike } from "../outcome.ts";

/** Headers by lower-case name; what came several times is joined with commas, as fetch does. */
export type HeaderMap = ReadonlyMap<string, string>;

/** Reads headers of any client once. Only own names, and only strings, numbers and lists of them. */
export function readHeaders(headers: HeadersLike | null | undefined): HeaderMap {
  const map = new Map<string, string>();
  if (headers === null || headers === undefined) return map;
  function put(value: unknown, name: string): void {
    const text = typeof value === "string" ? value : listed(value);
    if (text !== null) map.set(name.toLowerCase(), text);
  }
  if (typeof headers.forEach === "function" && !Array.isArray(headers)) headers.forEach(put);
  else for (const name of Object.keys(headers)) put((headers as Readonly<Record<string, unknown>>)[name], name);
  return map;
}

function listed(value: unknown): string | null {
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "number" ? String(value) : null;
}

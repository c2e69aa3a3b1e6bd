import type { HeadersLike } from "../outcome.ts";

/** Headers by lower-case name; what came several times is joined with commas, as fetch does. */
export type HeaderMap = ReadonlyMap<string, string>;

/** Reads headers of any client once. Only own names, and only strings, numbers and lists of them. */
export function readHeaders(headers: HeadersLike | null | undefined): HeaderMap {
  const map = new Map<string, string>();
  function put(value: unknown, name: string): void {
    if (typeof value === "string" || typeof value === "number" || Array.isArray(value)) {
      map.set(name.toLowerCase(), String(value));
    }
  }
  if (headers === null || headers === undefined) return map;
  if (typeof headers.forEach === "function" && !Array.isArray(headers)) headers.forEach(put);
  else for (const name of Object.keys(headers)) put((headers as Record<string, unknown>)[name], name);
  return map;
}

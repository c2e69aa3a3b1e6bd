import { AxiosHeaders, type InternalAxiosRequestConfig } from "axios";
import type { Kind } from "./adapters.ts";

const LINE = "\r\n";

/**
 * What makes every attempt send the same bytes of a form: an adapter would make up another boundary each time.
 *
 * @returns `null` when the data is no form of the platform, or goes to an adapter that may want to see it
 */
export function formChanges(
  config: InternalAxiosRequestConfig,
  kind: Kind,
): Pick<InternalAxiosRequestConfig, "data"> | null {
  if (kind === "other" || !isForm(config.data)) return null;
  const type = String(config.headers.getContentType());
  const own = /^multipart\/form-data.*boundary="?([^";]+)/i.exec(type)?.[1];
  // The adapter for Node keeps to a boundary of the caller's.
  const body = kind === "http" && own !== undefined ? null : formBody(config.data, config.env, own);
  if (body === null) return null;
  // It takes the type of the body. The others take it from a form only, and in Node only if it is asked for.
  const asked = own === undefined && (/^multipart\/form-data/i.test(type) || kind === "xhr" || isBrowser());
  if (kind === "http" || !asked) return { data: body };
  return Object.assign({ data: body }, { headers: new AxiosHeaders(config.headers).setContentType(body.type) });
}

/** Where axios lets the platform choose the type of a form. */
function isBrowser(): boolean {
  return "document" in globalThis || "WorkerGlobalScope" in globalThis;
}

/** A form as one body; files stay where they are. `null` when one of them is of another library. */
function formBody(form: Form, env: object = {}, boundary: string = randomBoundary()): Blob | null {
  const File = (env as { readonly Blob?: typeof Blob }).Blob ?? Blob;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of form) {
    // It would become its name.
    if (typeof value !== "string" && !(value instanceof File)) return null;
    parts.push(`--${boundary}${LINE}Content-Disposition: form-data; name="${escaped(name)}"`);
    if (typeof value === "string") parts.push(LINE + LINE, lines(value), LINE);
    else
      parts.push(`; filename="${escaped(value.name)}"${LINE}Content-Type: ${typeOf(value)}${LINE}${LINE}`, value, LINE);
  }
  parts.push(`--${boundary}--${LINE}`);
  return new File(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

type Form = FormData & Iterable<[string, FormDataEntryValue]>;

function isForm(data: unknown): data is Form {
  return Object.prototype.toString.call(data) === "[object FormData]" && Symbol.iterator in (data as object);
}

function randomBoundary(): string {
  return `axios-${Array.from(crypto.getRandomValues(new Uint8Array(18)), hex).join("")}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function lines(text: string): string {
  return text.replace(/\r\n|\r|\n/g, LINE);
}

function escaped(name: string): string {
  return name.replace(/[\r\n"]/g, (character) => encodeURIComponent(character));
}

function typeOf({ type }: Blob): string {
  return (type || "application/octet-stream").replace(/[\r\n]/g, "");
}

/** What a body is now, whatever becomes of it. Text and blobs cannot change. */
export function snapshot(data: unknown): unknown {
  if (data instanceof ArrayBuffer) return data.slice(0);
  // Of the same class: Node's Buffer stays one.
  return data instanceof Uint8Array ? Uint8Array.prototype.slice.call(data) : data;
}

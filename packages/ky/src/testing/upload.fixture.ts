import { resilient } from "../index.ts";

const api = resilient();

export function upload(url: string, body: ReadableStream<Uint8Array>): Promise<string> {
  return api.put(url, { body }).text();
}

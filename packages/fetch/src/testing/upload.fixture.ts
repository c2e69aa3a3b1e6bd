import { resilient } from "../resilient.ts";

const fetch = resilient();

export async function upload(url: string, body: ReadableStream<Uint8Array>): Promise<string> {
  return (await fetch(url, { method: "PUT", body, duplex: "half" } as RequestInit)).text();
}

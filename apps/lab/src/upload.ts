import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Sends a stream to a URL, and waits for the answer. */
export type Upload = (url: string, body: ReadableStream<Uint8Array>) => Promise<unknown>;

/**
 * By how many MB a process grows while it uploads a stream of 200 MB, after one of 50 MB that warms it.
 *
 * @param module a file that exports an {@link Upload} as `upload`
 * @throws {Error} not every byte arrived
 */
export async function growthOfUpload(module: URL): Promise<number> {
  let received = 0;
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => (received += chunk.length));
    request.on("end", () => response.end("ok"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const uploader = fileURLToPath(new URL("./uploader.ts", import.meta.url));
    const args = ["--expose-gc", uploader, module.href, `http://127.0.0.1:${port}`];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    if (received !== 250 * 1024 * 1024) throw new Error(`250 MiB must arrive, ${received} bytes did`);
    return Number(stdout);
  } finally {
    server.close();
  }
}

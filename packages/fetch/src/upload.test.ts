import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("a stream of 200 MB is not kept in memory: it grows by less than 30 MB", async () => {
  let received = 0;
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => (received += chunk.length));
    request.on("end", () => response.end("ok"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const script = new URL("./testing/upload.fixture.ts", import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, `http://127.0.0.1:${port}`]);
    expect(received).toBe(250 * 1024 * 1024);
    expect(Number(stdout)).toBeLessThan(30);
  } finally {
    server.close();
  }
}, 20_000);

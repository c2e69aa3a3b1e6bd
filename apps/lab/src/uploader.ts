// Run as a process of its own: prints by how many MB its memory grew while a stream of 200 MB went to a server.
import type { Upload } from "./upload.ts";

const [module = "", url = ""] = process.argv.slice(2);
const { upload } = (await import(module)) as { upload: Upload };
const piece = new Uint8Array(1024 * 1024).fill(1);

function stream(megabytes: number): ReadableStream<Uint8Array> {
  let left = megabytes;
  return new ReadableStream(
    {
      pull(controller) {
        if (left-- > 0) controller.enqueue(piece);
        else controller.close();
      },
    },
    { highWaterMark: 1 },
  );
}

// Warm: buffers and pools have their size.
await upload(url, stream(50));
let peak = 0;
globalThis.gc?.();
const before = process.memoryUsage().rss;
const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
await upload(url, stream(200));
clearInterval(timer);
console.log(Math.max(0, Math.round((peak - before) / 1024 / 1024)));

import { keyOf } from "./acts.ts";
import type { Act } from "./provider.ts";

/**
 * `POST /v1/video/generations`: one synchronous request that takes minutes, and costs money from its first moment. A client
 * that leaves ends the work, and is a 499 in the provider's log.
 */
export function generateVideo(minutes: number): Act {
  return ({ request, response, clock, ledger }) => {
    if (request.method !== "POST" || !request.url!.endsWith("/v1/video/generations")) {
      return void response.writeHead(404).end();
    }
    const job = ledger.start(keyOf(request.headers));
    const ms = minutes * 60_000;
    const halfway = clock.set(() => ledger.halfway(job), ms / 2);
    const done = clock.set(() => {
      ledger.end(job, "finished");
      const body = { id: job.id, status: "succeeded", output: ["https://cdn.example/video.mp4"] };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    }, ms);
    // Not the request's own "close": that comes as soon as its body is read.
    response.once("close", () => {
      if (response.writableFinished) return;
      clock.clear(halfway);
      clock.clear(done);
      ledger.end(job, "cancelled");
    });
  };
}

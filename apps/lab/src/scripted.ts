import type { ScriptedAnswer, ScriptedServer, SeenRequest } from "@failwell/core/testing";
import type { ServerResponse } from "node:http";
import { serve } from "./server.ts";

/** A real server on the loopback that answers by a script: the last answer is for all that follow. */
export async function serveScript(
  script: readonly ScriptedAnswer[],
): Promise<ScriptedServer & { close(): Promise<void> }> {
  const seen: SeenRequest[] = [];
  const server = await serve((request, response, number, body) => {
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers, body: body.toString(), at: performance.now() });
    play(script[Math.min(number, script.length) - 1]!, response);
  });
  return { url: server.url, seen, sockets: () => server.sockets(), close: () => server.close() };
}

/** A URL at which nobody listens. */
export async function refused(): Promise<string> {
  const server = await serve(() => {});
  await server.close();
  return server.url;
}

function play(answer: ScriptedAnswer, response: ServerResponse): void {
  const { socket } = response;
  if ("instead" in answer) {
    if (answer.instead === "reset") socket?.resetAndDestroy();
    if (answer.instead === "close") socket?.end();
    return;
  }
  const { status, headers = {}, body = "", afterMs = 0, cut, stall, dripMs } = answer;
  const send = (): void => {
    if (cut) {
      response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) + 10 });
      // Closed when it is on its way: what is written before a reset may be lost.
      response.write(body, () => socket?.end());
    } else if (dripMs !== undefined) {
      response.writeHead(status, headers).write(body);
      const timer = setInterval(() => response.write(body), dripMs);
      response.on("close", () => clearInterval(timer));
    } else if (stall) response.writeHead(status, headers).write(body);
    else response.writeHead(status, headers).end(body);
  };
  if (afterMs > 0) setTimeout(send, afterMs);
  else send();
}

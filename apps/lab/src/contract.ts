import type { ClientStage } from "@failwell/core/testing";
import { getEventListeners } from "node:events";
import { refused, serveScript } from "./scripted.ts";

/** What a contract of clients needs, beside the client; `close` ends the servers of a case. */
export function clientStage(client: ClientStage["client"]): ClientStage & { close(): Promise<void> } {
  const servers: { close(): Promise<void> }[] = [];
  return {
    client,
    refused,
    listeners: (signal) => getEventListeners(signal, "abort").length,
    serve: async (script) => {
      const server = await serveScript(script);
      servers.push(server);
      return server;
    },
    close: async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))),
  };
}

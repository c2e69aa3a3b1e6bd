import { constant } from "@failwell/core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { serve, serveRaw, type TestServer } from "./server.ts";

/** A policy for real sockets on the loopback, so for real time: waits are 1 ms long. */
export const quick = { retry: { backoff: constant(1) } } as const;

/** Servers that are closed after each test of the file; and no rejection of the whole file stays unhandled. */
export function useServers(): { readonly start: typeof serve; readonly startRaw: typeof serveRaw } {
  const servers: TestServer[] = [];
  const unhandled: unknown[] = [];
  const keep = (reason: unknown): void => void unhandled.push(reason);
  beforeAll(() => void process.on("unhandledRejection", keep));
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  afterAll(() => {
    process.off("unhandledRejection", keep);
    expect(unhandled).toEqual([]);
  });
  async function kept(server: Promise<TestServer>): Promise<TestServer> {
    servers.push(await server);
    return server;
  }
  return { start: (handle) => kept(serve(handle)), startRaw: (handle) => kept(serveRaw(handle)) };
}

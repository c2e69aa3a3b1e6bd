import { constant } from "@failwell/core";
import { serve, type TestServer } from "@failwell/lab";
import ky, { type Options } from "ky";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { KyPolicy } from "../index.ts";

/** Real sockets on the loopback, so real time: waits are 1 ms long. */
export const quick: KyPolicy = { retry: { backoff: constant(1) } };

/** Every test runs with ky 1, too, whose types are not those that a test sees. */
export const isKy2: boolean = "query" in ky;

interface HookState {
  readonly request: Request;
  readonly response: Response;
  readonly error: Error;
}

/** A hook of ky 2, in the signature of the ky that runs: ky 1 passes its facts one by one. */
export function hook(
  name: "beforeRequest" | "afterResponse" | "beforeError",
  run: (state: HookState) => unknown,
): Options {
  const tell = (facts: object): unknown => run(facts as HookState);
  const adapt = (...facts: unknown[]): unknown => {
    if (isKy2 || facts.length === 1) return tell(facts[0] as object);
    const [first, second, third, fourth] = facts;
    if (name === "beforeError") return tell({ error: first, ...(second as object) });
    if (name === "beforeRequest") return tell({ request: first, options: second, ...(third as object) });
    return tell({ request: first, options: second, response: third, ...(fourth as object) });
  };
  return { hooks: { [name]: [adapt] } };
}

/** Servers that are closed after each test of the file; and no rejection of the whole file stays unhandled. */
export function useServers(): { readonly start: typeof serve } {
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
  return {
    start: async (handle) => {
      const server = await serve(handle);
      servers.push(server);
      return server;
    },
  };
}

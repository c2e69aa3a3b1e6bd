import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { resilient } from "@failwell/fetch";

/** What one way of fetching got done: requests per second, one figure per round. */
export interface Throughput {
  readonly name: string;
  readonly atOnce: number;
  readonly plain: readonly number[];
  readonly wrapped: readonly number[];
}

/** Compares Node's fetch with itself made resilient, over HTTP to a server in another thread; every body is read. */
export async function loopback({
  rounds,
  roundMs,
}: {
  readonly rounds: number;
  readonly roundMs: number;
}): Promise<readonly Throughput[]> {
  const server = new Worker(new URL("./server.ts", import.meta.url));
  const [port] = (await once(server, "message")) as [number];
  const url = `http://127.0.0.1:${port}/v1/models`;
  const send = resilient();
  try {
    const results: Throughput[] = [];
    for (const atOnce of [1, 32]) {
      const [plain, wrapped]: [number[], number[]] = [[], []];
      for (let round = -1; round < rounds; round++) {
        const figures = [
          await perSecond(() => fetch(url), atOnce, roundMs),
          await perSecond(() => send(url), atOnce, roundMs),
        ] as const;
        // The first round warms up.
        if (round < 0) continue;
        plain.push(figures[0]);
        wrapped.push(figures[1]);
      }
      results.push({ name: "GET, 1 kB of JSON", atOnce, plain, wrapped });
    }
    return results;
  } finally {
    await server.terminate();
  }
}

async function perSecond(request: () => Promise<Response>, atOnce: number, roundMs: number): Promise<number> {
  const start = performance.now();
  let done = 0;
  async function client(): Promise<void> {
    while (performance.now() - start < roundMs) {
      const response = await request();
      await response.json();
      done++;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client));
  return (done * 1000) / (performance.now() - start);
}

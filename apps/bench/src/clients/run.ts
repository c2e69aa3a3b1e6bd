import { setTimeout as sleep } from "node:timers/promises";
import type { Open } from "./client.ts";
import type { Observed } from "./judge.ts";
import type { Ending, Scenario, Sight } from "./scenario.ts";

/** Puts one client through one scenario, on a server of its own, and watches it no longer than the scenario says. */
export async function run(open: Open, { settings, capMs = 8000, stage }: Scenario): Promise<Observed> {
  const { server, play } = await stage();
  const over = new AbortController();
  const start = performance.now();
  try {
    const seen = await Promise.race([
      ended(() => play(() => open({ ...settings, base: server.url }))),
      sleep(capMs, waiting, { signal: over.signal }),
    ]);
    return { hits: server.seen.length, ms: Math.round(performance.now() - start), ...seen };
  } finally {
    over.abort();
    await server.close();
  }
}

interface Seen {
  readonly ending: Ending;
  readonly outcome: string;
  readonly figure?: number;
}

const waiting: Seen = { ending: "still waiting", outcome: "" };

/** How a play ended; it never rejects, so a play that ends after its time bothers nobody. */
async function ended(play: () => Promise<Sight | void>): Promise<Seen> {
  try {
    return { ending: "recovers", outcome: "", ...(await play()) };
  } catch (error) {
    return { ending: "fails", outcome: inShort(error) };
  }
}

/** What an error is, in one short line: its name, its code or status, and how its message begins. */
export function inShort(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, status } = error as { code?: unknown; status?: unknown };
  const known = [code, status].find((value) => typeof value === "string" || typeof value === "number");
  const text = `${error.name}${known === undefined ? "" : ` ${known}`}: ${error.message}`
    .replaceAll(/\s+/g, " ")
    // The port is another one each time.
    .replaceAll(/127\.0\.0\.1:\d+/g, "host");
  return text.length > 70 ? `${text.slice(0, 69)}…` : text;
}

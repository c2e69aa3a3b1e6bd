import { type Handler, serve } from "@failwell/lab";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, succeed } from "./answers.ts";
import { asks, capped, type Scenario } from "./scenario.ts";

const callers = 25;
const calls = 12;
const large = JSON.stringify({ error: "x".repeat(300_000) });

/** What many calls do to a server. */
export const crowds: readonly Scenario[] = [
  {
    rule: `${calls} calls that met a 503 with 300 kB leave at most two connections open`,
    good: { ends: "recovers", hits: 24, figure: { name: "open connections", atMost: 2 } },
    settings: { wait: 50 },
    capMs: 10_000,
    async stage() {
      const server = await serve(
        capped((_, response, number) => (number % 2 === 0 ? succeed(response) : fail(response, 503, {}, large))),
      );
      return {
        server,
        async play(open) {
          const call = open();
          for (let number = 1; number <= calls; number++) await call(asks.GET);
          // What is closed is closed a moment later.
          await sleep(300);
          return { figure: server.sockets() };
        },
      };
    },
  },
  {
    rule: `${callers} clients that met the same 503 come back at different times`,
    good: { ends: "recovers", hits: 50, figure: { name: "spread, % of the longest wait", atLeast: 50 } },
    alone: true,
    async stage() {
      const waits: number[] = [];
      const server = await serve(capped(refusingAtOnce(waits)));
      return {
        server,
        async play(open) {
          await Promise.all(Array.from({ length: callers }, () => open()(asks.GET)));
          return spreadOf(waits);
        },
      };
    },
  },
];

/** Refuses the first request of every caller as soon as all are there, and keeps how long each took to come back. */
function refusingAtOnce(waits: number[]): Handler {
  const refused: ServerResponse[] = [];
  let moment = 0;
  return (_, response, number) => {
    if (number > callers) {
      waits.push(performance.now() - moment);
      return succeed(response);
    }
    refused.push(response);
    if (number < callers) return undefined;
    moment = performance.now();
    for (const each of refused) fail(each, 503);
  };
}

/** How far the waits lie apart, in parts of the longest. Waits of less than 100 ms are none: nobody comes back later. */
export function spreadOf(waits: readonly number[]): { figure: number; outcome: string } {
  const longest = Math.max(...waits);
  const spread = longest - Math.min(...waits);
  return {
    figure: longest < 100 ? 0 : Math.round((100 * spread) / longest),
    outcome: `${spread.toFixed(0)} ms apart, the longest wait ${longest.toFixed(0)} ms`,
  };
}

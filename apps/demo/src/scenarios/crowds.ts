import { recorded, succeed } from "../acts.ts";
import { rowOf, stopOf, tally } from "../row.ts";
import type { Scenario } from "../scenario.ts";
import { chat } from "./requests.ts";

/** What Kong asks for. */
const HINT_MS = 41_000;

/** What many calls of one client know of each other. */
export const crowds: readonly Scenario[] = [
  {
    name: "storm",
    title: "30 calls at a dead upstream",
    async run(stage) {
      const corner = stage.plays(recorded("nginx-503"));
      const client = stage.client();
      const calls = await Promise.all(Array.from({ length: 30 }, () => client(corner.url + chat.path, chat)));
      const rows = calls.map((call) => rowOf(call));
      return {
        call: calls.at(-1)!,
        row: {
          ...rows[0]!,
          attempts: tally(calls),
          waits: rows.flatMap(({ waits }) => waits),
          outcome: `${calls.filter(({ status }) => status === 503).length} × 503`,
          // Who gets a retry is a matter of chance, and so is who gets two and stops for that; how many there are is not.
          stop: calls.map(stopOf).find((stop) => stop === "budget") ?? "settled",
          note: `${corner.sightings.length} requests, not 90`,
        },
      };
    },
    expected: {
      attempts: "40 × 503",
      waits: { times: 10, from: 0, to: 2000 },
      verdict: "unavailable, gateway",
      evidence: "status 503",
      outcome: "30 × 503",
      stop: "budget",
      note: "40 requests, not 90",
    },
  },
  {
    name: "cool-down",
    title: "1 call limited, 9 behind it",
    async run(stage) {
      const corner = stage.plays(recorded("kong-429"), succeed);
      const client = stage.client();
      let tellLimited: () => void;
      const limited = new Promise<void>((resolve) => (tellLimited = resolve));
      const first = client(corner.url + chat.path, {
        ...chat,
        onEvent: (event) => event.type === "retryScheduled" && tellLimited(),
      });
      await Promise.race([limited, first]);
      const rest = Array.from({ length: 9 }, () => client(corner.url + chat.path, chat));
      const calls = await Promise.all([first, ...rest]);
      const rows = calls.map((call) => rowOf(call));
      const [limit, ...after] = corner.sightings;
      const early = after.some(({ arrivedMs }) => arrivedMs - limit!.arrivedMs < HINT_MS);
      return {
        call: calls[0],
        row: {
          ...rows[0]!,
          attempts: tally(calls),
          waits: rows.flatMap(({ waits }) => waits),
          outcome: `${calls.filter(({ status }) => status === 200).length} × 200`,
          note: `${corner.sightings.length} requests, not 20${early ? ", one came early" : ""}`,
        },
      };
    },
    expected: {
      attempts: "1 × 429, 10 × 200",
      // Who comes later waits less; nobody comes back before the 41 s are over.
      waits: { times: 10, from: 30_000, to: 46_100 },
      verdict: "rate_limit, quota",
      evidence: "status 429",
      outcome: "10 × 200",
      stop: "settled",
      note: "11 requests, not 20",
    },
  },
];

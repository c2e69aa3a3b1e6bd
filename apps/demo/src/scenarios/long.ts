import { once } from "node:events";
import { rowOf } from "../row.ts";
import { noted, oneCall, type Scenario } from "../scenario.ts";
import { generateVideo } from "../video.ts";
import { video } from "./requests.ts";

/** One request that takes four minutes. */
export const long: readonly Scenario[] = [
  {
    name: "video-default",
    title: "4 min, default timeouts",
    run: oneCall([generateVideo(4)], video, {
      note: ({ sightings, ledger }) => `server: ${sightings[0]!.outcome}, ${ledger.summary()}`,
    }),
    expected: {
      attempts: "timeout",
      waits: null,
      verdict: "timeout, upstream",
      evidence: "timer attempt",
      outcome: "AmbiguousOutcomeError (timeout)",
      stop: "unsafe_replay",
      note: "server: 499, 1 job cancelled",
    },
  },
  {
    name: "video-long",
    title: "4 min, profile longRunning",
    run: oneCall([generateVideo(4)], video, {
      policy: { profile: "longRunning" },
      note: ({ sightings, ledger }) => `server: ${sightings[0]!.outcome}, ${ledger.summary()}`,
    }),
    expected: {
      attempts: "200",
      waits: null,
      verdict: "-",
      evidence: "-",
      outcome: "200",
      stop: "settled",
      note: "server: 200, 1 job finished",
    },
  },
  {
    name: "disconnect",
    title: "4 min, caller leaves at half",
    async run(stage) {
      const corner = stage.plays(generateVideo(4));
      const user = new AbortController();
      const client = stage.client({ profile: "longRunning" });
      const calling = client(corner.url + video.path, { ...video, signal: user.signal });
      await Promise.race([once(corner.ledger, "halfway", { signal: stage.signal }), calling]);
      user.abort();
      const call = await calling;
      await corner.quiet();
      return {
        call,
        row: rowOf(call, noted(call, corner, `server: ${corner.sightings[0]!.outcome}, ${corner.ledger.summary()}`)),
      };
    },
    expected: {
      attempts: "aborted",
      waits: null,
      verdict: "-",
      evidence: "-",
      outcome: "AbortError",
      stop: "aborted",
      note: "server: 499, 1 job cancelled",
    },
  },
];

import { type Handler, serve, type TestServer } from "@failwell/lab";
import type { Ask, Call, Settings } from "./client.ts";

/** How a call ended: with the JSON of a success, with an error, or not while it was watched. */
export type Ending = "recovers" | "fails" | "still waiting";

/** At least and at most so much, both ends included. */
export interface Bounds {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What is good for the user, written out. */
export interface Good {
  readonly ends?: Ending;
  /** Requests that the server sees. */
  readonly hits?: number;
  /** From the call to its end, in ms. */
  readonly ms?: Bounds;
  /** What else the scenario measures. */
  readonly figure?: Bounds & { readonly name: string };
}

/** What a scenario saw beyond the end of its call. */
export interface Sight {
  readonly figure: number;
  /** How the figure came about. */
  readonly outcome?: string;
  /** Default: recovers. */
  readonly ending?: Ending;
}

export interface Scenario {
  /** The rule that it tests. */
  readonly rule: string;
  readonly good: Good;
  readonly settings?: Omit<Settings, "base">;
  /** How long it is watched, in ms. Default 8 s. */
  readonly capMs?: number;
  /** Measures moments: nothing else of the same client runs beside it. */
  readonly alone?: boolean;
  readonly stage: () => Promise<Stage>;
}

/** A server, and what is done to it: once. */
export interface Stage {
  readonly server: TestServer;
  /** Resolves when the call recovered, rejects with its error. */
  readonly play: (open: () => Call) => Promise<Sight | void>;
}

/** What is asked for: one paid job, in the words of both SDKs. */
const job = { model: "m", max_tokens: 16, messages: [{ role: "user", content: "a cat that plays the piano" }] };

/** The requests that most scenarios make. */
export const asks = {
  GET: { method: "GET", path: "/v1/models" },
  POST: { method: "POST", path: "/v1/jobs", json: job },
} as const satisfies Record<string, Ask>;

/** A scenario of one call. */
export function oneCall(
  rule: string,
  good: Good,
  method: keyof typeof asks,
  handle: Handler,
  more: Pick<Scenario, "settings" | "capMs"> = {},
): Scenario {
  return {
    rule,
    good,
    ...more,
    stage: async () => ({
      server: await serve(capped(handle)),
      play: async (open) => void (await open()(asks[method])),
    }),
  };
}

/** Ends a client that repeats itself without end: more than 200 requests get no answer. */
export function capped(handle: Handler): Handler {
  return (request, response, number, body) =>
    number > 200 ? void request.socket.destroy() : handle(request, response, number, body);
}

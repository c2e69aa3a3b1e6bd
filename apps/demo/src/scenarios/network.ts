import { exponential } from "@failwell/core";
import { answerWithJob, beginAndReset, cut, reset, stall, staySilent, succeed } from "../acts.ts";
import { rowOf } from "../row.ts";
import { oneCall, type Scenario } from "../scenario.ts";
import { chat, models, video } from "./requests.ts";

/** Connections that fail: before, instead of, and in the middle of an answer. */
export const network: readonly Scenario[] = [
  {
    name: "reset-get",
    title: "GET, reset before the answer",
    run: oneCall([reset, succeed], models),
    expected: {
      attempts: "ECONNRESET → 200",
      waits: { times: 1, from: 0, to: 1000 },
      verdict: "network, network",
      evidence: "thrown ECONNRESET",
      outcome: "200",
      stop: "settled",
      note: "",
    },
  },
  {
    name: "reset-paid",
    title: "POST of a paid job, reset",
    run: oneCall([beginAndReset], video, { note: ({ ledger }) => ledger.summary() }),
    expected: {
      attempts: "ECONNRESET",
      waits: null,
      verdict: "network, network",
      evidence: "thrown ECONNRESET",
      outcome: "AmbiguousOutcomeError (network)",
      stop: "unsafe_replay",
      note: "1 job finished",
    },
  },
  {
    name: "reset-keyed",
    title: "the same, idempotency key",
    run: oneCall([beginAndReset, answerWithJob], video, {
      policy: { idempotencyKey: true },
      note: ({ ledger }) => ledger.summary(),
    }),
    expected: {
      attempts: "ECONNRESET → 200",
      waits: { times: 1, from: 0, to: 1000 },
      verdict: "network, network",
      evidence: "thrown ECONNRESET",
      outcome: "200",
      stop: "settled",
      note: "1 job finished",
    },
  },
  {
    name: "refused",
    title: "POST, refused until it is up",
    async run(stage) {
      const corner = await stage.closed(answerWithJob);
      // Without jitter, so that the provider is up before the next attempt, however fast the clock is.
      const client = stage.client({ retry: { backoff: exponential() } });
      const call = await client(corner.url + video.path, {
        ...video,
        onEvent: (event) => event.type === "retryScheduled" && corner.listen(),
      });
      return { call, row: rowOf(call, corner.ledger.summary()) };
    },
    expected: {
      attempts: "ECONNREFUSED → 200",
      waits: { times: 1, from: 1000, to: 1000 },
      verdict: "network, network",
      evidence: "thrown ECONNREFUSED",
      outcome: "200",
      stop: "settled",
      note: "1 job finished",
    },
  },
  {
    name: "silent",
    title: "GET, silent for 60 s",
    run: oneCall([staySilent, succeed], models),
    expected: {
      attempts: "timeout → 200",
      waits: { times: 1, from: 0, to: 1000 },
      verdict: "timeout, upstream",
      evidence: "timer attempt",
      outcome: "200",
      stop: "settled",
      note: "",
    },
  },
  {
    name: "stall",
    title: "half a body, then silence",
    run: oneCall([stall], chat),
    expected: {
      attempts: "200",
      waits: null,
      verdict: "timeout, upstream",
      evidence: "timer idle",
      outcome: "200, then TimeoutError (idle)",
      stop: "fatal",
      note: "",
    },
  },
  {
    name: "cut",
    title: "half a body, then the end",
    run: oneCall([cut], chat),
    expected: {
      attempts: "200",
      waits: null,
      verdict: "network, network",
      evidence: "thrown UND_ERR_SOCKET",
      outcome: "200, then FailwellError (network)",
      stop: "fatal",
      note: "",
    },
  },
];

import { recorded, succeed } from "../acts.ts";
import { duration } from "../duration.ts";
import { rowOf } from "../row.ts";
import { noted, oneCall, type Scenario } from "../scenario.ts";
import { chat, claude, gemini } from "./requests.ts";

/** Speed limits, and what only looks like one. A hint is never undercut; jitter of up to a tenth and 1 s comes on top. */
export const limits: readonly Scenario[] = [
  {
    name: "rate-limit",
    title: "OpenAI, wait in a header",
    run: oneCall([recorded("openai-429-tpm"), succeed], chat),
    expected: {
      attempts: "429 → 200",
      waits: { times: 1, from: 1560, to: 2716 },
      verdict: "rate_limit, quota",
      evidence: "openai-compatible code rate_limit_exceeded",
      outcome: "200",
      stop: "settled",
      note: "",
    },
  },
  {
    name: "rate-limit-body",
    title: "Gemini, wait in the body",
    run: oneCall([recorded("gemini-429-per-minute-retryinfo"), succeed], gemini),
    expected: {
      attempts: "429 → 200",
      waits: { times: 1, from: 36_000, to: 40_600 },
      verdict: "rate_limit, quota",
      evidence: "google code RESOURCE_EXHAUSTED",
      outcome: "200",
      stop: "settled",
      note: "",
    },
  },
  {
    name: "rate-limit-stays",
    title: "Anthropic, the limit stays",
    run: oneCall([recorded("anthropic-429-itpm")], claude),
    expected: {
      attempts: "429 → 429 → 429",
      waits: { times: 2, from: 37_000, to: 41_700 },
      verdict: "rate_limit, quota",
      evidence: "anthropic code rate_limit_error",
      outcome: "429",
      stop: "attempts",
      note: "",
    },
  },
  {
    name: "hint-beyond-cap",
    title: "Azure, come back tomorrow",
    async run(stage) {
      const corner = stage.plays(recorded("azure-429-86400"));
      const call = await stage.client()(corner.url + chat.path, chat);
      const gaveUp = call.events.find((event) => event.type === "gaveUp");
      const hint = gaveUp?.retryAfterMs ?? null;
      return { call, row: rowOf(call, noted(call, corner, hint === null ? "" : `told: in ${duration(hint)}`)) };
    },
    expected: {
      attempts: "429",
      waits: null,
      verdict: "rate_limit, quota",
      evidence: "status 429",
      outcome: "429",
      stop: "deadline",
      note: "told: in 24 h",
    },
  },
  {
    name: "quota",
    title: "OpenAI, no money left",
    run: oneCall([recorded("openai-429-insufficient-quota"), succeed], chat),
    expected: {
      attempts: "429",
      waits: null,
      verdict: "quota_exhausted, quota",
      evidence: "openai-compatible code insufficient_quota",
      outcome: "429",
      stop: "fatal",
      note: "",
    },
  },
  {
    name: "quota-per-day",
    title: "Gemini, says 44 s, is daily",
    run: oneCall([recorded("gemini-429-per-day"), succeed], gemini),
    expected: {
      attempts: "429",
      waits: null,
      verdict: "quota_exhausted, quota",
      evidence: "google code GenerateRequestsPerDayPerProjectPerModel-FreeTier",
      outcome: "429",
      stop: "fatal",
      note: "",
    },
  },
  {
    name: "throttled-400",
    title: "AWS, a limit under a 400",
    run: oneCall([recorded("aws-400-throttling"), succeed], chat),
    expected: {
      attempts: "400 → 200",
      waits: { times: 1, from: 0, to: 1000 },
      verdict: "rate_limit, quota",
      evidence: "aws code ThrottlingException",
      outcome: "200",
      stop: "settled",
      note: "",
    },
  },
];

import { recorded, succeed } from "../acts.ts";
import { oneCall, type Scenario } from "../scenario.ts";
import { chat, claude } from "./requests.ts";

/** Answers of every kind but limits. */
export const answers: readonly Scenario[] = [
  {
    name: "success",
    title: "nothing fails",
    run: oneCall([succeed], chat),
    expected: { attempts: "200", waits: null, verdict: "-", evidence: "-", outcome: "200", stop: "settled", note: "" },
  },
  {
    name: "overload",
    title: "Anthropic, its own status",
    run: oneCall([recorded("anthropic-529-overloaded"), succeed], claude),
    expected: {
      attempts: "529 → 200",
      waits: { times: 1, from: 0, to: 1000 },
      verdict: "overloaded, upstream",
      evidence: "header x-should-retry",
      outcome: "200",
      stop: "settled",
      note: "",
    },
  },
  {
    name: "proxy-html",
    title: "nginx, HTML instead of JSON",
    run: oneCall([recorded("nginx-502"), succeed], chat),
    expected: {
      attempts: "502 → 200",
      waits: { times: 1, from: 0, to: 1000 },
      verdict: "upstream, gateway",
      evidence: "status 502",
      outcome: "200",
      stop: "settled",
      note: "",
    },
  },
  {
    name: "context-length",
    title: "OpenAI, prompt is too long",
    run: oneCall([recorded("openai-400-context"), succeed], chat),
    expected: {
      attempts: "400",
      waits: null,
      verdict: "context_length, caller",
      evidence: "openai-compatible code context_length_exceeded",
      outcome: "400",
      stop: "fatal",
      note: "",
    },
  },
  {
    name: "error-in-200",
    title: "MiniMax, a failure under 200",
    run: oneCall([recorded("minimax-200-1008")], { ...chat, suspicious: true }, { note: () => "told by verdictOf" }),
    expected: {
      attempts: "200",
      waits: null,
      verdict: "payment_required, quota",
      evidence: "minimax code 1008",
      outcome: "200",
      stop: "settled",
      note: "told by verdictOf",
    },
  },
];

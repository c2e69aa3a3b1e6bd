import { getEventListeners } from "node:events";
import { HttpOperation, type HttpRequest } from "../http/operation.ts";
import type { HttpPolicy } from "../http/policy.ts";
import { isIdempotent, keyFor, repetitionsIn } from "../http/request.ts";
import { attemptsOf } from "../retry/attempt.ts";
import type { Guard } from "../retry/guard.ts";
import { type Plan, planOf } from "../retry/policy.ts";
import { execute } from "../retry/run.ts";
import { resolve } from "../resolve/resolve.ts";
import type { Verdict } from "../verdict.ts";
import type { ClientStage, ContractCall, ScriptedAnswer, SeenRequest } from "./client-stage.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly verdict: Verdict | null;
}

interface Simulated {
  readonly script: readonly ScriptedAnswer[];
  readonly seen: SeenRequest[];
}

/** A client and servers without a network: what the loop alone does about the contract. */
export function simulatedStage(
  policyOf: (policy: HttpPolicy<never>) => HttpPolicy<never> = (given) => given,
): ClientStage {
  const servers = new Map<string, Simulated>();
  return {
    client: (given) => {
      const policy = policyOf(given);
      const plan = planOf(policy, resolve);
      return async (call) => {
        const answer = await execute(new Simulation(servers, call, plan, policy), plan, call.signal ?? null);
        return { ...answer, attempts: attemptsOf(answer) };
      };
    },
    serve: async (script) => {
      const url = `http://${servers.size}.test`;
      const server = { script, seen: [] };
      servers.set(url, server);
      return { url, seen: server.seen, sockets: () => 0 };
    },
    refused: async () => "http://nobody.test",
    listeners: (signal) => getEventListeners(signal, "abort").length,
  };
}

class Simulation extends HttpOperation<Answer, never> {
  readonly #servers: ReadonlyMap<string, Simulated>;
  readonly #call: ContractCall;
  readonly #headers: Headers;

  constructor(servers: ReadonlyMap<string, Simulated>, call: ContractCall, plan: Plan, policy: HttpPolicy<never>) {
    const headers = new Headers(call.headers);
    super(requestOf(call, headers, policy), plan, policy);
    this.#servers = servers;
    this.#call = call;
    this.#headers = headers;
  }

  async call(guard: Guard): Promise<Answer> {
    this.refuseRepetition();
    const url = new URL(this.#call.url);
    guard.connecting();
    const server = this.#servers.get(url.origin);
    if (server === undefined) throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    guard.connected();
    const { method = "GET", body = "" } = this.#call;
    const headers = Object.fromEntries(this.#headers);
    this.redirectedTo = null;
    let request = { method, url: url.pathname + url.search, headers, body };
    for (;;) {
      server.seen.push({ ...request, at: performance.now() });
      const step = server.script[Math.min(server.seen.length, server.script.length) - 1]!;
      const location = "status" in step ? step.headers?.["location"] : undefined;
      if (location === undefined) return play(step, guard);
      this.redirectedTo = url.origin;
      this.isSentOn = "status" in step && step.status === 307;
      request = this.isSentOn ? { ...request, url: location } : { method: "GET", url: location, headers, body: "" };
    }
  }

  inspect({ verdict }: Answer): Verdict | null {
    return this.judged(verdict);
  }

  status({ status }: Answer): number {
    return status;
  }
}

function requestOf(
  { url, method = "GET", stream }: ContractCall,
  headers: Headers,
  policy: HttpPolicy<never>,
): HttpRequest {
  const facts = { method, url, headers };
  const own = headers.get("idempotency-key") || undefined;
  const given = own ?? (isIdempotent(method) ? undefined : keyFor(policy.idempotencyKey, () => facts));
  if (given !== undefined) headers.set("idempotency-key", given);
  return {
    method,
    url: URL.canParse(url) ? new URL(url) : null,
    idempotent: isIdempotent(method),
    idempotencyKey: given ?? null,
    isKeyRandom: own === undefined && policy.idempotencyKey === true,
    replayable: stream === undefined,
    repeated: repetitionsIn(headers),
    headers: () => headers,
  };
}

async function play(step: ScriptedAnswer, guard: Guard): Promise<Answer> {
  const broken = (): Promise<never> => Promise.reject(Object.assign(new Error("broken"), { code: "ECONNRESET" }));
  const silence = (): Promise<never> => new Promise(() => {});
  if ("instead" in step) return step.instead === "silence" ? silence() : broken();
  const { status, headers = {}, body = "", cut, stall, dripMs } = step;
  const verdict = status < 400 ? null : resolve({ status, headers, body });
  // An error is looked into, and let go, by whoever asks for it.
  if (verdict !== null) return { status, headers, body, verdict };
  guard.answered();
  if (cut) return broken();
  if (stall) return silence();
  if (dripMs === undefined) return { status, headers, body, verdict };
  const timer = setInterval(() => guard.received(), dripMs);
  guard.signal.addEventListener("abort", () => clearInterval(timer));
  return silence();
}

import type { Progress } from "@failwell/core";
import type { InternalAxiosRequestConfig } from "axios";
import type { Head, Hear } from "./heads.ts";

// Of Node's own types, only what is used here: the package is compiled without them.
interface Emitter {
  once(event: string, listener: (value: never) => void): unknown;
}
interface Socket extends Emitter {
  readonly connecting?: boolean;
  readonly secureConnecting?: boolean;
  readonly encrypted?: boolean;
  readonly bytesRead?: number;
}
interface Request extends Emitter {
  readonly socket?: Socket | null;
  destroy(): unknown;
}
interface Answer {
  readonly statusCode?: number;
  readonly headers?: Head["headers"];
}
interface Agent {
  readonly options?: { readonly proxyEnv?: unknown };
  addRequest(request: Request, ...rest: unknown[]): unknown;
}
interface Runtime {
  readonly env?: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: string): { readonly globalAgent?: Agent } | undefined;
}

/**
 * Agents that tell how far a request got. Each stands before the agent that would have been used, and hands it the request:
 * pools, TLS settings and proxies stay in force.
 *
 * @returns what is to be changed in the config of an attempt
 */
export function watchedAgents(config: InternalAxiosRequestConfig, progress: Progress, hear: Hear): object {
  // HTTP/2 has no agents, and a mocked transport need not use them.
  if (config.httpVersion === 2) return {};
  const follows = config.maxRedirects !== 0;
  const agents: { httpAgent?: Agent; httpsAgent?: Agent } = {};
  const plain = agentOf("node:http", config.httpAgent, config);
  if (plain !== null) agents.httpAgent = watched(plain, progress, hear, follows);
  // axios makes a tunnel of its own through a proxy, and keeps it with the agent that it was given.
  if (isTunnelled(config)) return agents;
  const secure = agentOf("node:https", config.httpsAgent, config);
  if (secure !== null) agents.httpsAgent = watched(secure, progress, hear, follows);
  return agents;
}

function agentOf(module: string, own: unknown, { proxy }: InternalAxiosRequestConfig): Agent | null {
  const agent = (own ?? runtime()?.getBuiltinModule?.(module)?.globalAgent ?? null) as Agent | null;
  if (typeof agent?.addRequest !== "function") return null;
  // axios makes a direct one of an agent with proxies of its own, but of no agent that it does not know.
  return proxy === false && agent.options?.proxyEnv != null ? null : agent;
}

function isTunnelled({ proxy }: InternalAxiosRequestConfig): boolean {
  if (proxy === false) return false;
  const { env = {} } = runtime() ?? {};
  return Boolean(proxy) || ["https_proxy", "all_proxy"].some((name) => env[name] || env[name.toUpperCase()]);
}

function runtime(): Runtime | undefined {
  return (globalThis as { readonly process?: Runtime }).process;
}

/** @param follows redirects are followed: the answer to one is not the answer of the call */
function watched(agent: Agent, progress: Progress, hear: Hear, follows: boolean): Agent {
  const twin = Object.create(agent) as Agent;
  twin.addRequest = (request, ...rest) => {
    progress.connecting();
    request.once("socket", (socket: Socket) => {
      if (!socket.connecting && !socket.secureConnecting) progress.connected();
      else socket.once(socket.encrypted ? "secureConnect" : "connect", () => progress.connected());
    });
    request.once("response", ({ statusCode = 0, headers = {} }: Answer) => {
      const redirect = statusCode >= 300 && statusCode < 400 && headers["location"] !== undefined;
      const { socket } = request;
      const bytes = (): number => socket?.bytesRead ?? 0;
      if (!redirect || !follows) progress.answered(bytes);
      hear({ status: statusCode, headers, bytes, stop: () => void request.destroy() });
    });
    return agent.addRequest(request, ...rest);
  };
  return twin;
}

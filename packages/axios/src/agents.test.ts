import { attemptsOf, failureOf, type Progress } from "@failwell/core";
import { failure, refused, until } from "@failwell/lab";
import axios, { type AxiosError } from "axios";
import { once } from "node:events";
import http, { Agent, createServer, type RequestListener } from "node:http";
import { createServer as createSecondServer } from "node:http2";
import https from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { watchedAgents } from "./agents.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";

const { start } = useServers();
const open: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function listen(server: Server | http.Server | https.Server): Promise<number> {
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** TLS without certificates: both sides know a key. */
const psk = { psk: Buffer.from("0123456789abcdef"), identity: "test" };
const secure = { ciphers: "PSK", maxVersion: "TLSv1.2" as const };
const secureServer = (handle: RequestListener): https.Server =>
  https.createServer({ ...secure, pskCallback: () => psk.psk }, handle);
const secureAgent = (): https.Agent =>
  new https.Agent({
    ...secure,
    keepAlive: true,
    pskCallback: () => psk,
    checkServerIdentity: () => undefined,
  });

/** What an attempt tells, in its order. */
function recorder(): { told: string[]; progress: Progress } {
  const told: string[] = [];
  const tell = (word: string) => () => void told.push(word);
  const progress = {
    connecting: tell("connecting"),
    connected: tell("connected"),
    answered: tell("answered"),
    received: tell("received"),
  };
  return { told, progress };
}

describe("what the agents tell", () => {
  test.each([
    [
      "http",
      () => createServer((_request, response) => void response.end("ok")),
      () => ({ httpAgent: new Agent({ keepAlive: true }) }),
    ],
    [
      "https",
      () => secureServer((_request, response) => void response.end("ok")),
      () => ({ httpsAgent: secureAgent() }),
    ],
  ] as const)(
    "is when %s connects, is connected and answers, also on a connection that is used again",
    async (scheme, make, agents) => {
      const url = `${scheme}://127.0.0.1:${await listen(make())}`;
      const own = agents();
      const { told, progress } = recorder();
      for (let request = 0; request < 2; request++) {
        await axios.get(url, { ...own, ...watchedAgents(own as never, progress, () => {}) });
        expect(told.splice(0)).toEqual(["connecting", "connected", "answered"]);
      }
      for (const agent of Object.values(own)) agent.destroy();
    },
  );

  test("is each hop of a redirect, and only the answer at its end", async () => {
    const server = await start((request, response) =>
      response.writeHead(request.url === "/" ? 302 : 200, { location: "/next" }).end(),
    );
    const { told, progress } = recorder();
    await axios.get(
      server.url,
      watchedAgents({} as never, progress, () => {}),
    );
    expect(told).toEqual(["connecting", "connected", "connecting", "connected", "answered"]);
    told.length = 0;
    const kept = { maxRedirects: 0, validateStatus: null };
    await axios.get(server.url, { ...kept, ...watchedAgents(kept as never, progress, () => {}) });
    expect(told).toEqual(["connecting", "connected", "answered"]);
  });

  test("is nothing where there is no agent: HTTP/2, a tunnel, a runtime without Node's modules", () => {
    const { progress } = recorder();
    const agents = (config: object): string[] => Object.keys(watchedAgents(config as never, progress, () => {}));
    expect(agents({})).toEqual(["httpAgent", "httpsAgent"]);
    expect(agents({ httpVersion: 2 })).toEqual([]);
    expect(agents({ proxy: { host: "127.0.0.1", port: 1 } })).toEqual(["httpAgent"]);
    expect(agents({ httpAgent: {}, httpsAgent: {} })).toEqual([]);
    const proxied = { options: { proxyEnv: {} }, addRequest: () => {} };
    expect(agents({ httpAgent: proxied, httpsAgent: proxied, proxy: false })).toEqual([]);
    const lend = process.getBuiltinModule;
    process.getBuiltinModule = undefined as never;
    expect(agents({})).toEqual([]);
    process.getBuiltinModule = lend;
  });
});

describe("what is told decides", () => {
  test("a connection that does not come about is no request: a POST is sent again", async () => {
    // The only connection of the pool is taken.
    const port = await listen(createTcpServer());
    const agent = new Agent({ maxSockets: 1 });
    const blocker = http.get({ port, host: "127.0.0.1", agent });
    blocker.on("error", () => {});
    const api = resilient(axios.create({ httpAgent: agent }), { ...quick, timeouts: { connect: 30 } });
    const error = await failure<AxiosError>(api.post(`http://127.0.0.1:${port}/`, {}));
    expect(error).toMatchObject({
      message: "timeout of 30ms exceeded",
      cause: { timer: "connect", requestMayHaveExecuted: false },
    });
    expect(failureOf(error)).toMatchObject({ verdict: { phase: "unsent" }, stopReason: "attempts" });
    blocker.destroy();
  });

  test("after a redirect that leads nowhere a POST may have been executed", async () => {
    const nowhere = await refused();
    const server = await start((_request, response) => response.writeHead(307, { location: nowhere }).end());
    const error = await failure<AxiosError>(resilient(axios.create(), quick).post(server.url, { a: 1 }));
    expect(failureOf(error)).toMatchObject({ stopReason: "unsafe_replay", verdict: { phase: "unanswered" } });
    expect(server.seen).toHaveLength(1);
  });

  test("a body that comes slowly but steadily is no silence", async () => {
    const server = await start(async (_request, response) => {
      for (let piece = 0; piece < 10; piece++) {
        response.write("x");
        await new Promise((resolve) => setTimeout(resolve, 20)); // the body has to take longer than both timers
      }
      response.end();
    });
    const api = resilient(axios.create(), { ...quick, timeouts: { attempt: 100, idle: 100 } });
    expect((await api.get(server.url)).data).toBe("xxxxxxxxxx");
  });

  test("a TLS handshake that never ends is no request", async () => {
    const port = await listen(createTcpServer(() => {}));
    const api = resilient(axios.create({ httpsAgent: secureAgent() }), { ...quick, timeouts: { connect: 40 } });
    const error = await failure<AxiosError>(api.post(`https://127.0.0.1:${port}/`, {}));
    expect(failureOf(error)).toMatchObject({ verdict: { kind: "timeout", phase: "unsent" } });
    expect(attemptsOf(error)).toHaveLength(3);
  });
});

describe("what keeps working", () => {
  test("a pool that keeps its connections", async () => {
    const server = await start((_request, response) => response.end());
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    const api = resilient(axios.create({ httpAgent }), quick);
    for (let call = 0; call < 3; call++) await api.get(server.url);
    await Promise.all([api.get(server.url), api.get(server.url)]);
    expect(server.opened).toBe(1);
    httpAgent.destroy();
  });

  test("the global agent, whichever it is at the time", async () => {
    const server = await start((_request, response) => response.end());
    const before = http.globalAgent;
    const mine = new Agent({ keepAlive: true });
    http.globalAgent = mine;
    try {
      const api = resilient(axios.create(), quick);
      await api.get(server.url);
      await until(() => Object.keys(mine.freeSockets).length === 1);
    } finally {
      http.globalAgent = before;
      mine.destroy();
    }
  });

  test("a forward proxy, a tunnel, and proxies of the environment", async () => {
    const through: string[] = [];
    const proxy = createServer((request, response) => {
      through.push(`${request.method} ${new URL(request.url!).pathname}`);
      response.end("by proxy");
    });
    const target = await listen(secureServer((_request, response) => void response.end("by tunnel")));
    proxy.on("connect", (_request, socket) => {
      through.push("CONNECT");
      const upstream = connect(target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on("error", () => {});
    });
    const port = await listen(proxy);
    const api = resilient(axios.create({ httpsAgent: secureAgent() }), quick);
    const own = { proxy: { host: "127.0.0.1", port, protocol: "http" } };
    expect((await api.get("http://a.test/x", own)).data).toBe("by proxy");
    expect((await api.get(`https://127.0.0.1:${target}/`, own)).data).toBe("by tunnel");
    process.env["http_proxy"] = process.env["https_proxy"] = `http://127.0.0.1:${port}`;
    try {
      expect((await api.get("http://b.test/y")).data).toBe("by proxy");
      expect((await api.get(`https://127.0.0.1:${target}/`)).data).toBe("by tunnel");
      expect((await api.get(`https://127.0.0.1:${target}/`, { proxy: false })).data).toBe("by tunnel");
    } finally {
      delete process.env["http_proxy"];
      delete process.env["https_proxy"];
    }
    expect(through).toEqual(["GET /x", "CONNECT", "GET /y", "CONNECT"]);
  });

  test("HTTP/2, a transport of one's own, a socket path", async () => {
    const second = createSecondServer((_request, response) => void response.end("second"));
    const port = await listen(second);
    const api = resilient(axios.create(), quick);
    expect(
      (await api.get(`http://127.0.0.1:${port}/`, { httpVersion: 2, http2Options: { sessionTimeout: 10 } })).data,
    ).toBe("second");
    const server = await start((_request, response, number) => response.writeHead(number < 2 ? 503 : 200).end("own"));
    let asked = 0;
    const transport = {
      request: (...of: Parameters<typeof http.request>) => {
        asked++;
        return http.request(...of);
      },
    };
    expect((await api.get(server.url, { transport })).data).toBe("own");
    expect(asked).toBe(2);
    const local = createServer((_request, response) => void response.end("local"));
    open.push(local);
    const socketPath = `/tmp/failwell-${process.pid}.sock`;
    local.listen(socketPath);
    await once(local, "listening");
    expect((await api.get("/x", { socketPath })).data).toBe("local");
  });
});

beforeEach(() => {
  for (const name of ["http_proxy", "https_proxy", "all_proxy"]) {
    delete process.env[name];
    delete process.env[name.toUpperCase()];
  }
});

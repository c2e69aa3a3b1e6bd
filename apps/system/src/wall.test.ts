import { resilient as resilientAxios } from "@failwell/axios";
import { resilient } from "@failwell/fetch";
import { resilient as resilientKy } from "@failwell/ky";
import { serve, type TestServer } from "@failwell/lab";
import { create } from "axios";
import ky from "ky";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";

// The 300 s wall of Node's fetch, scaled to 1 s: undici's timers tick every half second, and do not ring before 1 s. So real
// time passes here, 2.2 s for all clients together.
const WALL_MS = 1000;
const SILENCE_MS = 2200;
const own = getGlobalDispatcher();
let server: TestServer;

beforeAll(async () => {
  setGlobalDispatcher(new Agent({ headersTimeout: WALL_MS, bodyTimeout: WALL_MS }));
  server = await serve((request, response) => {
    if (request.url === "/body") response.write("early, ");
    setTimeout(() => response.end("late"), SILENCE_MS);
  });
});
afterAll(async () => {
  setGlobalDispatcher(own);
  await server.close();
});

const policy = { profile: "longRunning" } as const;
const text = (response: Response): Promise<string> => response.text();
const data = ({ data: body }: { data: string }): string => body;
const send = resilient(undefined, policy);
const api = resilientKy(ky, policy);
const onHttp = resilientAxios(create({ adapter: "http" }), policy);
const onFetch = resilientAxios(create({ adapter: "fetch" }), policy);

describe.concurrent("a server that is silent for longer than the limits of the transport", () => {
  test.each([
    ["fetch", (url: string) => send(url, { method: "POST" }).then(text)],
    ["ky", (url: string) => api.post(url).then(text)],
    ["ky, with a shortcut", (url: string) => api.post(url).text()],
    ["axios on http", (url: string) => onHttp.post<string>(url).then(data)],
    ["axios on fetch", (url: string) => onFetch.post<string>(url).then(data)],
  ])("is waited for by resilient %s, before the headers and in the body", async (_name, call) => {
    const answers = await Promise.all([call(server.url), call(`${server.url}/body`)]);
    expect(answers).toEqual(["late", "early, late"]);
  });

  test.each([
    ["fetch", (url: string) => fetch(url)],
    ["ky", (url: string) => ky(url, { retry: 0, timeout: false })],
    ["axios on fetch", (url: string) => create({ adapter: "fetch" }).get(url)],
  ])("is not waited for by bare %s", async (_name, call) => {
    await expect(call(server.url)).rejects.toThrow(/fetch failed|Network ?Error|network error/i);
  });
});

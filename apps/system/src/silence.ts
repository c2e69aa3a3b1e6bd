/**
 * Every client of ours against a server that says nothing for a long time, all at once. Copied into an empty project, where
 * what it imports are the packed packages.
 *
 *     node silence.ts SECONDS
 *
 * Prints one line of JSON per client: `{ client, outcome, seconds, requests }`.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resilient as resilientAxios } from "@failwell/axios";
import { resilient } from "@failwell/fetch";
import { resilient as resilientKy } from "@failwell/ky";
import { create } from "axios";
import ky from "ky";

const silence = Number(process.argv[2]) * 1000;
const policy = { profile: "longRunning" } as const;
const requests = new Map<string, number>();
const server = createServer((request, response) => {
  const url = request.url ?? "";
  requests.set(url, (requests.get(url) ?? 0) + 1);
  setTimeout(() => response.end("done"), silence);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const send = resilient(undefined, policy);
const api = resilientKy(ky, policy);
const onHttp = resilientAxios(create({ adapter: "http" }), policy);
const onFetch = resilientAxios(create({ adapter: "fetch" }), policy);

/** Each posts, as whoever orders a video does, and says what it got. */
const clients: Readonly<Record<string, (url: string) => Promise<string>>> = {
  fetch: async (url) => {
    const response = await send(url, { method: "POST", body: "{}" });
    return `${response.status} ${await response.text()}`;
  },
  ky: async (url) => {
    const response = await api.post(url, { json: {} });
    return `${response.status} ${await response.text()}`;
  },
  "axios-http": async (url) => {
    const { status, data } = await onHttp.post<string>(url, {});
    return `${status} ${data}`;
  },
  "axios-fetch": async (url) => {
    const { status, data } = await onFetch.post<string>(url, {});
    return `${status} ${data}`;
  },
};

await Promise.all(
  Object.entries(clients).map(async ([client, call]) => {
    const start = performance.now();
    const outcome = await call(`${origin}/${client}`).catch((error: Error) => `${error.name}: ${error.message}`);
    const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
    console.log(JSON.stringify({ client, outcome, seconds, requests: requests.get(`/${client}`) ?? 0 }));
  }),
);
server.close();
server.closeAllConnections();

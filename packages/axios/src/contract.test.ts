import { attemptsOf, failureOf, type HttpPolicy } from "@failwell/core";
import { type ClientStage, clientContract } from "@failwell/core/testing";
import { refused, serveScript } from "@failwell/lab";
import axios, { isAxiosError } from "axios";
import { getEventListeners } from "node:events";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function client(adapter: string): (policy: HttpPolicy<never>) => ReturnType<ClientStage["client"]> {
  return (policy) => {
    const instance = resilient(axios.create({ adapter, responseType: "text" }), policy);
    return async ({ url, method = "GET", headers = {}, body, stream, signal }) => {
      const data = stream ? (adapter === "http" ? Readable.from([body!]) : new Blob([body!]).stream()) : body;
      const config = { url, method, headers, data, ...(signal && { signal }) };
      try {
        const response = await instance.request<string>(config);
        return { status: response.status, body: response.data, attempts: attemptsOf(response), verdict: null };
      } catch (error) {
        if (!isAxiosError<string>(error) || error.response?.data === undefined) throw error;
        const { attempts, verdict } = failureOf(error)!;
        return { status: error.response.status, body: error.response.data, attempts, verdict };
      }
    };
  };
}

describe.each(["http", "fetch"])("axios with its %s adapter", (adapter) => {
  const rules = clientContract({
    client: client(adapter),
    serve: async (script) => {
      const server = await serveScript(script);
      servers.push(server);
      return server;
    },
    refused,
    listeners: (signal) => getEventListeners(signal, "abort").length,
  });
  test.each(rules)("$name", ({ run }) => expect(run()).resolves.toBeUndefined());
});

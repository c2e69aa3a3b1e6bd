// Runs in a browser: each scenario gives what happened, as plain data.
import { resilient as resilientAxios } from "@failwell/axios";
import { attemptsOf, FailwellError, failureOf, resilient, verdictOf } from "@failwell/fetch";
import { resilient as resilientKy } from "@failwell/ky";
import ky from "ky";

const policy = { retry: { backoff: () => 1 }, timeouts: { idle: 200 } };
const call = resilient(undefined, policy);
const api = resilientKy(ky, policy);
/** On XMLHttpRequest, as axios is in a browser. */
const instance = resilientAxios(undefined, policy);

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return "it did not fail";
  } catch (error) {
    return FailwellError.is(error)
      ? { code: error.code, stop: error.stopReason, message: error.message }
      : String(error);
  }
}

const scenarios = {
  async recovers() {
    const response = await call("/flaky", { method: "PUT", body: new Blob(["bytes"]) });
    return [await response.text(), attemptsOf(response).map(({ status }) => status)];
  },
  async staysReadable() {
    const response = await call("/quota");
    const twin = response.clone();
    return [response instanceof Response, response.url.endsWith("/quota"), await response.json(), await twin.text()];
  },
  async streams() {
    const reader = (await call("/slow")).body!.getReader();
    const pieces: string[] = [];
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(new TextDecoder().decode(piece.value));
    }
    return pieces.join("");
  },
  async kyRecovers() {
    const response = await api.put("/flaky?ky", { json: {} });
    return [await response.text(), attemptsOf(response).map(({ status }) => status)];
  },
  async xhrRecovers() {
    const response = await instance.put<string>("/flaky?xhr", {});
    return [response.data, attemptsOf(response).map(({ status }) => status)];
  },
  async xhrQuota() {
    const error: unknown = await instance.post("/quota", {}).catch((reason: unknown) => reason);
    const { attempts, stopReason, verdict } = failureOf(error)!;
    return [verdict.kind, stopReason, attempts.length];
  },
  async xhrStalls() {
    const error: unknown = await instance.post("/stall", {}).catch((reason: unknown) => reason);
    return [(error as { code: string }).code, failureOf(error)?.verdict.evidence, failureOf(error)?.stopReason];
  },
  async late() {
    return attemptsOf(await call("/late", { method: "POST" })).map(({ status, stop }) => [status, stop]);
  },
  stalls: async () => failure((await call("/stall")).text()),
  async aborts() {
    const controller = new AbortController();
    const work = failure(call("/silent", { signal: controller.signal }));
    controller.abort(new Error("left"));
    return work;
  },
  refuses: () => failure(call("http://127.0.0.1:2/", { method: "POST", body: "{}" })),
  async means() {
    const verdict = await verdictOf(await fetch("/quota"));
    return [verdict?.kind, verdict?.retryable];
  },
};

Object.assign(globalThis, { scenarios });

// Runs in a browser: each scenario gives what happened, as plain data.
import { attemptsOf, FailwellError, resilient, verdictOf } from "@failwell/fetch";

const call = resilient(undefined, { retry: { backoff: () => 1 }, timeouts: { idle: 200 } });

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

import { attemptsOf } from "@failwell/core";
import { clientContract } from "@failwell/core/testing";
import { clientStage } from "@failwell/lab";
import { afterEach, describe, expect, test } from "vitest";
import { resilient } from "./resilient.ts";
import { verdictOf } from "./verdict-of.ts";

const stage = clientStage((policy) => {
  const fetch = resilient(undefined, policy);
  return async ({ url, method = "GET", headers = {}, body, stream, signal }) => {
    const init = { method, headers, ...(signal && { signal }), whole: true };
    const sent = stream ? new Blob([body!]).stream() : body;
    const response = await fetch(url, { ...init, ...(sent !== undefined && { body: sent }) });
    const attempts = attemptsOf(response);
    const verdict = response.ok ? null : await verdictOf(response);
    return { status: response.status, body: await response.text(), attempts, verdict };
  };
});
afterEach(() => stage.close());

describe("fetch", () => {
  test.each(clientContract(stage))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

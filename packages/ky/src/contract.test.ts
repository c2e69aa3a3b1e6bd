import { clientContract } from "@failwell/core/testing";
import { clientStage } from "@failwell/lab";
import ky, { HTTPError } from "ky";
import { afterEach, describe, expect, test } from "vitest";
import { attemptsOf, failureOf, resilient } from "./index.ts";

const stage = clientStage((policy) => {
  const api = resilient(ky, policy);
  return async ({ url, method = "GET", headers = {}, body, stream, signal }) => {
    const sent = stream ? new Blob([body!]).stream() : body;
    const promise = api(url, { method, headers, ...(signal && { signal }), ...(sent !== undefined && { body: sent }) });
    try {
      const text = await promise.text();
      const response = await promise;
      return { status: response.status, body: text, attempts: attemptsOf(response), verdict: null };
    } catch (error) {
      if (!(error instanceof HTTPError)) throw error;
      const { verdict, attempts } = failureOf(error)!;
      return { status: error.response.status, body: await error.response.text(), attempts, verdict };
    }
  };
});
afterEach(() => stage.close());

describe("ky", () => {
  test.each(clientContract(stage))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

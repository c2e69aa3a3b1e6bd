import { describe, expect, test, vi } from "vitest";
import { clientContract } from "./client-contract.ts";
import { simulatedStage } from "./simulated-client.fixture.ts";

describe("the loop alone keeps every rule that needs no network", () => {
  test.each(clientContract(simulatedStage()))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

test("in a browser, which sends a request again by itself after a 408, nothing is sent again", async () => {
  vi.stubGlobal("document", {});
  const stage = simulatedStage();
  const server = await stage.serve([{ status: 408 }, { status: 200 }]);
  expect(await stage.client({})({ url: server.url })).toMatchObject({ status: 408, attempts: [{ stop: "fatal" }] });
  vi.unstubAllGlobals();
});

test("a client that never retries breaks the rules that ask for it, and is told how", async () => {
  const rules = clientContract(simulatedStage((policy) => ({ ...policy, retry: { ...policy.retry, maxAttempts: 1 } })));
  const broken = new Map<string, string>();
  await Promise.all(rules.map(({ name, run }) => run().catch((error: Error) => broken.set(name, error.message))));
  expect(broken.get("503 is asked again")).toBe("requests: must be 2, is 1");
  expect(broken.get("a POST that nobody took is tried three times")).toBeUndefined();
  expect(broken.get("400 costs one request")).toBeUndefined();
  expect(broken.size).toBeGreaterThan(25);
});

test("a client that sends everything again breaks the rules about work that costs money", async () => {
  const rules = clientContract(
    simulatedStage((policy) => ({ ...policy, retry: { ...policy.retry, replay: "always" } })),
  );
  const lost = rules.filter(({ name }) => name.startsWith("a POST whose"));
  expect(lost).toHaveLength(3);
  for (const { run } of lost) await expect(run()).rejects.toThrow("requests: must be 1, is 2");
});

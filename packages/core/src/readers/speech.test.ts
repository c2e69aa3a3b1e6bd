import { describe, expect, test } from "vitest";
import { allDialects } from "../dialects/all.ts";
import { resolve } from "../resolve/resolve.ts";

function providerOf(provider: string, body: object | string = {}, headers: Record<string, string> = {}): unknown {
  return resolve({ status: 500, headers, body }, { provider })?.provider;
}

describe("a host is known by its last parts", () => {
  test.each([
    ["api.openai.com", "openai"],
    ["API.OpenAI.com", "openai"],
    ["api.anthropic.com", "anthropic"],
    ["generativelanguage.googleapis.com", "google"],
    ["acme.openai.azure.com", "azure"],
    ["acme.cognitiveservices.azure.com", "azure"],
    ["acme.azure-api.net", "azure"],
    ["bedrock-runtime.us-east-1.amazonaws.com", "aws"],
    ["openrouter.ai", "openrouter"],
    ["ai-gateway.vercel.sh", "vercel-ai-gateway"],
    ["api.groq.com", "groq"],
    ["api.mistral.ai", "mistral"],
    ["api.cohere.com", "cohere"],
    ["api.cohere.ai", "cohere"],
    ["api.together.xyz", "together"],
    ["api.cerebras.ai", "cerebras"],
    ["api.deepseek.com", "deepseek"],
    ["api.x.ai", "xai"],
    ["api.perplexity.ai", "perplexity"],
    ["api.fireworks.ai", "fireworks"],
    ["api.deepinfra.com", "deepinfra"],
    ["router.huggingface.co", "self-hosted"],
    ["api.minimax.io", "minimax"],
    ["api.minimaxi.com", "minimax"],
    ["api.moonshot.cn", "moonshot"],
    ["api.moonshot.ai", "moonshot"],
    ["api.novita.ai", "novita"],
    ["open.bigmodel.cn", "zhipu"],
    ["api.z.ai", "zhipu"],
    ["queue.fal.run", "fal"],
    ["rest.fal.ai", "fal"],
    ["api.dev.runwayml.com", "runway"],
    ["api.replicate.com", "replicate"],
    ["api.lumalabs.ai", "luma"],
    ["api.bfl.ai", "bfl"],
    ["api.us1.bfl.ml", "bfl"],
    ["api.stability.ai", "stability"],
    ["api.elevenlabs.io", "elevenlabs"],
    ["api.cartesia.ai", "cartesia"],
    ["api.github.com", "github"],
    ["models.github.ai", "github"],
    ["api.stripe.com", "stripe"],
    ["slack.com", "slack"],
    ["acme.my.salesforce.com", "salesforce"],
    ["api.twilio.com", "twilio"],
    ["dashscope.aliyuncs.com", "dashscope"],
    ["api.cloudflare.com", "cloudflare-api"],
  ])("%s is %s", (host, provider) => {
    expect(providerOf(host)).toBe(provider);
  });

  test.each([
    "notx.ai",
    "api.notopenai.com",
    "openai.com.example.net",
    "example.com",
    "localhost",
    "192.0.2.1",
    "ai",
    ".",
  ])("%s is nobody", (host) => {
    expect(providerOf(host)).toBeNull();
  });

  test("no two dialects claim the same label", () => {
    const all = allDialects.flatMap(({ name, labels }) => [name, ...(labels?.split(" ") ?? [])]);
    expect(all.filter((label, index) => all.indexOf(label) !== index)).toEqual([]);
  });
});

describe("a host does not speak for what it passed on", () => {
  test("a body of another family is that family's", () => {
    expect(providerOf("acme.azure-api.net", { type: "error", error: {}, request_id: "req_1" })).toBe("anthropic");
    expect(providerOf("acme.amazonaws.com", { base_resp: { status_code: 1008 } })).toBe("minimax");
  });
  test("a body in the shape that it shares with others is its own", () => {
    expect(providerOf("openrouter.ai", { error: { message: "m", param: null } })).toBe("openrouter");
    expect(providerOf("api.openai.com", { error: { code: "insufficient_quota" }, request_id: "r" })).toBe("openai");
  });
  test("a text or a page is that of the proxy that sent it", () => {
    expect(providerOf("api.openai.com", "error code: 1015")).toBe("cloudflare");
    expect(providerOf("api.openai.com", "<html>", { server: "cloudflare" })).toBe("cloudflare");
    expect(providerOf("api.openai.com", {}, { server: "cloudflare" })).toBe("openai");
    expect(providerOf("api.openai.com", "no such text")).toBe("openai");
  });
});

test("a page with status 200 is an error from a named provider, from a host only when it asks to sign in", () => {
  const page = { status: 200, body: "<html><title>Docs</title></html>" };
  expect(resolve(page, { provider: "openai" })).toMatchObject({ kind: "unknown", upstream: { message: "Docs" } });
  expect(resolve(page, { provider: "api.openai.com" })).toBeNull();
  const login = { status: 200, body: "<html><title>Sign in to Acme</title></html>" };
  expect(resolve(login, { provider: "api.openai.com" })).toMatchObject({ kind: "unknown", fault: "gateway" });
});

describe("who speaks OpenAI's words", () => {
  const body = {
    error: {
      message: "You exceeded your current quota. See https://platform.openai.com/docs/guides/error-codes.",
      type: "insufficient_quota",
      param: null,
      code: "insufficient_quota",
    },
  };
  test("is not known while nothing but the shape tells", () => {
    for (const one of [body, { error: { ...body.error, param: undefined } }]) {
      expect(resolve({ status: 429, body: one })).toMatchObject({
        kind: "quota_exhausted",
        provider: "openai-compatible",
        evidence: "openai-compatible code insufficient_quota",
      });
    }
    expect(resolve({ status: 429, body: { error: { code: "insufficient_quota" } } })).toMatchObject({
      kind: "quota_exhausted",
      provider: null,
      evidence: "code insufficient_quota",
    });
  });
  test("is OpenAI when the host or a header says so", () => {
    expect(resolve({ status: 429, body }, { provider: "api.openai.com" })?.evidence).toBe(
      "openai code insufficient_quota",
    );
    expect(resolve({ status: 429, body, headers: { "openai-organization": "o" } })?.provider).toBe("openai");
  });
});

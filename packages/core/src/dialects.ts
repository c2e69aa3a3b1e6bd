// What a resolver can be made of.
export { allDialects } from "./dialects/all.ts";
export { anthropic } from "./dialects/anthropic.ts";
export { aws, awsEdge } from "./dialects/aws.ts";
export { azure, github } from "./dialects/azure.ts";
export { dashscope, minimax, moonshot, newApi, novita, zhipu } from "./dialects/chinese.ts";
export { cloudflare, cloudflareApi } from "./dialects/cloudflare.ts";
export {
  cerebras,
  cohere,
  deepinfra,
  deepseek,
  fireworks,
  groq,
  mistral,
  perplexity,
  selfHosted,
  together,
  xai,
} from "./dialects/compatible.ts";
export { litellm, openrouter, portkey, vercelGateway } from "./dialects/gateways.ts";
export { google } from "./dialects/google.ts";
export { bfl, cartesia, elevenlabs, fal, luma, replicate, runway, stability } from "./dialects/media.ts";
export { openai, openaiCompatible } from "./dialects/openai.ts";
export { apigee, envoy, fastly, googleFront, kong, plainProxy, squid, vercel } from "./dialects/proxies.ts";
export { failwell, graphql, oauth, salesforce, slack, stripe, twilio } from "./dialects/services.ts";
export { allReaders } from "./readers/all.ts";
export { asides } from "./readers/asides.ts";
export { fields } from "./readers/fields.ts";
export { markup } from "./readers/markup.ts";
export { rpc } from "./readers/rpc.ts";
export { sdks } from "./readers/sdks.ts";
export { speech } from "./readers/speech.ts";
export { streams } from "./readers/streams.ts";
export { successes } from "./readers/successes.ts";
export { waits } from "./readers/waits.ts";
export type { Dialect, Sense } from "./resolve/dialect.ts";
export type { Judgement, Reader, Reading } from "./resolve/reading.ts";

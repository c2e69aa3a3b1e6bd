import type { Dialect } from "../resolve/dialect.ts";
import { anthropic } from "./anthropic.ts";
import { aws, awsEdge } from "./aws.ts";
import { azure, github } from "./azure.ts";
import { dashscope, minimax, moonshot, newApi, novita, zhipu } from "./chinese.ts";
import { cloudflare, cloudflareApi } from "./cloudflare.ts";
import {
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
} from "./compatible.ts";
import { litellm, openrouter, portkey, vercelGateway } from "./gateways.ts";
import { google } from "./google.ts";
import { bfl, cartesia, elevenlabs, fal, luma, replicate, runway, stability } from "./media.ts";
import { openai, openaiCompatible } from "./openai.ts";
import { apigee, envoy, fastly, googleFront, kong, plainProxy, squid, vercel } from "./proxies.ts";
import { failwell, graphql, oauth, salesforce, slack, stripe, twilio } from "./services.ts";

/** Every dialect, in the order of precedence: where two give a code different meanings, the first one speaks for all. */
export const allDialects: readonly Dialect[] = [
  openai,
  anthropic,
  google,
  azure,
  aws,
  openrouter,
  litellm,
  portkey,
  vercelGateway,
  newApi,
  groq,
  mistral,
  cohere,
  together,
  cerebras,
  deepseek,
  xai,
  perplexity,
  fireworks,
  deepinfra,
  selfHosted,
  minimax,
  moonshot,
  novita,
  zhipu,
  fal,
  runway,
  replicate,
  luma,
  bfl,
  stability,
  elevenlabs,
  cartesia,
  github,
  stripe,
  slack,
  salesforce,
  twilio,
  graphql,
  oauth,
  failwell,
  dashscope,
  cloudflareApi,
  cloudflare,
  vercel,
  envoy,
  kong,
  apigee,
  fastly,
  squid,
  googleFront,
  awsEdge,
  plainProxy,
  openaiCompatible,
];

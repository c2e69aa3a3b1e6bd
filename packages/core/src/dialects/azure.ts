import type { Dialect } from "../resolve/dialect.ts";
import { openai } from "./openai.ts";

/**
 * Azure OpenAI, AI Foundry, API Management.
 *
 * @see https://learn.microsoft.com/azure/ai-services/openai/how-to/quota
 */
export const azure: Dialect = {
  name: "azure",
  labels: "azure-openai azure-apim azure-foundry apim microsoft",
  headers:
    "apim-request-id x-ms-region x-ms-request-id x-ms-retry-after-ms x-ms-client-request-id azureml-model-session",
  text: /^Out of call volume quota|^Rate limit is exceeded\. Try again in|https:\/\/aka\.ms\//,
  codes: {
    unavailable: "ServerBusy",
  },
  messages: [
    ["quota_exhausted", /^Out of (?:call volume|bandwidth) quota/],
    ["overloaded", /experiencing high demand/],
  ],
  like: openai,
};

/** GitHub: the REST API, GraphQL and Models. */
export const github: Dialect = {
  name: "github",
  labels: "github-models",
  headers: "x-github-request-id x-ratelimit-type",
  fields: "documentation_url=https://docs.github.com",
  codes: {
    quota_exhausted: "*ByDay",
  },
  messages: [
    ["quota_exhausted", /^Rate limit of \d+ per 86400s/],
    ["rate_limit", /^API rate limit exceeded|secondary rate limit|^You have triggered an abuse detection/],
  ],
};

import type { Dialect } from "../resolve/dialect.ts";
import { openai } from "./openai.ts";

/**
 * Azure OpenAI, AI Foundry, API Management.
 *
 * @see https://learn.microsoft.com/azure/ai-services/openai/how-to/quota
 */
export const azure: Dialect = {
  name: "azure",
  labels: "azure.com azure-api.net apim microsoft",
  headers: "apim x-ms azureml",
  text: /^Out of call volume|^Rate limit is exceeded\. Try again in|\/aka\.ms\//,
  messages: [
    ["quota_exhausted", /^Out of (?:call volume|bandwidth) quota/],
    ["overloaded", /experiencing high demand/],
  ],
  like: openai,
};

/** GitHub: the REST API, GraphQL and Models. */
export const github: Dialect = {
  name: "github",
  labels: "github.com github.ai",
  headers: "x-github x-ratelimit-type",
  fields: "documentation_url=https://docs.github.com",
  codes: {
    quota_exhausted: "*ByDay",
  },
  messages: [["rate_limit", /^API rate limit exceeded|secondary rate limit|^You have triggered an abuse detection/]],
};

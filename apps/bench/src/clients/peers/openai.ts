import OpenAI from "openai";
import type { Open } from "../client.ts";

export const open: Open = ({ base, timeout }) => {
  const client = new OpenAI({
    baseURL: base,
    apiKey: "none",
    maxRetries: 2,
    ...(timeout !== undefined && { timeout }),
  });
  return async ({ method, path, json, signal }) => {
    const options = signal && { signal };
    if (method === "GET") return client.get(path, options);
    if (method === "PUT") return client.put(path, { ...options, body: json });
    return client.chat.completions.create(json as OpenAI.ChatCompletionCreateParamsNonStreaming, options);
  };
};

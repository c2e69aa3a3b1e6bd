import type { CallInit } from "../call.ts";

type Request = CallInit & { readonly path: string };

/** A POST as an SDK of the provider sends it. */
function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Request {
  return {
    path,
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

const messages = [{ role: "user", content: "How does one fail well?" }];

export const chat: Request = post(
  "/v1/chat/completions",
  { model: "gpt-4o", messages },
  { authorization: "Bearer demo" },
);
export const claude: Request = post(
  "/v1/messages",
  { model: "claude-sonnet-4-5", max_tokens: 99, messages },
  { "x-api-key": "demo" },
);
export const gemini: Request = post("/v1beta/models/gemini-2.5-flash:generateContent", {
  contents: [{ parts: [{ text: "?" }] }],
});
export const video: Request = post("/v1/video/generations", {
  model: "demo-video",
  prompt: "a lighthouse at dusk",
  seconds: 8,
});
export const models: Request = { path: "/v1/models" };

import type { Act } from "./provider.ts";
import { recordedAnswer } from "./recorded.ts";

/** Answers as a provider was seen to answer. */
export function recorded(id: string): Act {
  const { status, headers, body } = recordedAnswer(id);
  return ({ response }) => void response.writeHead(status, headers).end(body);
}

const completion = JSON.stringify({
  id: "chatcmpl-demo",
  object: "chat.completion",
  model: "gpt-4o",
  choices: [{ index: 0, message: { role: "assistant", content: "Fail well." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
});

/** Answers 200. */
export const succeed: Act = ({ response }) => {
  response.writeHead(200, { "content-type": "application/json" }).end(completion);
};

/** Takes the request and never says a word. */
export const staySilent: Act = () => {};

/** Takes the request, then resets the connection (TCP RST). */
export const reset: Act = ({ request, sighting }) => {
  sighting.outcome = "reset";
  request.socket.resetAndDestroy();
};

/** Begins the work that was asked for, then resets the connection: what the client cannot know. */
export const beginAndReset: Act = (exchange) => {
  const { request, ledger } = exchange;
  ledger.end(ledger.start(keyOf(request.headers)), "finished");
  reset(exchange);
};

/** Answers with the job that the key of this request stands for, and begins one only for a new key. */
export const answerWithJob: Act = ({ request, response, ledger }) => {
  const job = ledger.start(keyOf(request.headers));
  if (job.state === "running") ledger.end(job, "finished");
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(job));
};

/** Sends the headers and half of the body, and no more. */
export const stall: Act = ({ response }) => {
  response.writeHead(200, { "content-type": "application/json" }).write(completion.slice(0, 100));
};

/** Promises a whole body, sends half of it, and closes the connection. */
export const cut: Act = ({ request, response, sighting }) => {
  sighting.outcome = "cut";
  response.writeHead(200, { "content-type": "application/json", "content-length": completion.length });
  response.write(completion.slice(0, 100), () => request.socket.end());
};

export function keyOf(headers: NodeJS.Dict<string | string[]>): string | null {
  return headers["idempotency-key"]?.toString() ?? null;
}

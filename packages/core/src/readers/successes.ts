import { numberIn } from "../resolve/judge.ts";
import { at, filled, isFilled, own } from "../resolve/own.ts";
import type { Reader } from "../resolve/reading.ts";
import { listLimit } from "../resolve/unwrap.ts";

/**
 * Finds the error in a success: OpenRouter, MiniMax, Slack, GraphQL, tasks that failed, prompts that were blocked.
 *
 * Not an error: `error: null`, GraphQL errors beside data, text of a model that merely quotes an error.
 */
export const successes: Reader = { failureIn };

function failureIn(value: unknown, _: unknown, depth: number = 0): unknown {
  if (typeof value !== "object" || value === null || depth > 4) return null;
  if (Array.isArray(value))
    return value.slice(0, listLimit).find((one) => failureIn(one, _, depth + 1) !== null) ?? null;
  return isFailed(value) ? value : (within(value, depth) ?? bedrockEvent(value));
}

const ended = /^(?:failed|failure|error|(?:request|content) moderated|task not found)$/i;

function isFailed(value: object): boolean {
  const of = (key: string): unknown => own(value, key);
  const code = filled(of("code"));
  return (
    of("error") === true ||
    isFilled(of("error")) ||
    of("type") === "error" ||
    (isFilled(of("errors")) && of("success") !== true && (of("data") ?? null) === null) ||
    of("ok") === false ||
    of("success") === false ||
    of("fault") !== undefined ||
    // Code, message and request id and nothing else, as DashScope answers when it failed.
    (code !== null &&
      filled(of("message")) !== null &&
      of("request_id") !== undefined &&
      Object.keys(value).length === 3 &&
      !/^(?:success|ok|0*)$/i.test(code)) ||
    (numberIn(at(value, ["base_resp", "status_code"])) ?? 0) !== 0 ||
    ended.test(filled(of("status") ?? of("state")) ?? "") ||
    (numberIn(of("statusCode")) ?? 0) >= 400
  );
}

const blocked = /^(?:SAFETY|PROHIBITED_CONTENT|RECITATION|BLOCKLIST|SPII|IMAGE_SAFETY)$/;

function within(value: object, depth: number): unknown {
  const list = (key: string): unknown[] => {
    const found = own(value, key);
    return Array.isArray(found) ? found.slice(0, listLimit) : [];
  };
  const response = own(value, "response");
  if (isFilled(own(response, "error"))) return failureIn(response, null, depth + 1);
  const choice = list("choices").find((one) => isFilled(own(one, "error")));
  if (choice !== undefined) return choice;
  const type = "content_policy";
  const code = at(value, ["promptFeedback", "blockReason"]);
  if (typeof code === "string") return { code, type };
  const [first, ...rest] = list("candidates");
  const reasons = [first, ...rest].map((one) => filled(own(one, "finishReason")) ?? "");
  return reasons.every((reason) => blocked.test(reason))
    ? { code: reasons[0], type, message: own(first, "finishMessage") }
    : null;
}

/** `{ "throttlingException": { "message": … } }`: the name of the event is the code. */
function bedrockEvent(value: object): unknown {
  const [key = ""] = Object.keys(value);
  const inner = own(value, key);
  return key.endsWith("Exception") && isFilled(inner) ? { ...(inner as object), __type: key } : null;
}

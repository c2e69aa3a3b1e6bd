import { own } from "./own.ts";

const blocked = /^(?:SAFETY|PROHIBITED_CONTENT|RECITATION|BLOCKLIST|SPII|IMAGE_SAFETY)$/;
const ended = /^(?:failed|failure|error|(?:request|content) moderated|task not found)$/i;

/**
 * The part of a document that is an error although the status says success; `null` when it is none.
 *
 * Not an error: `error: null`, GraphQL errors beside data, text of a model that merely quotes an error.
 */
export function failureIn(value: unknown, isCode: (code: string) => boolean, depth = 0): unknown {
  if (value === null || typeof value !== "object" || depth > 4) return null;
  if (Array.isArray(value)) return value.slice(0, 50).find((one) => failureIn(one, isCode, depth + 1) !== null) ?? null;
  const error = own(value, "error");
  if (error === true || isFilled(error)) return value;
  if (own(value, "type") === "error") return value;
  const data = own(value, "data");
  if (isFilled(own(value, "errors")) && own(value, "success") !== true && (data === undefined || data === null))
    return value;
  if (own(value, "ok") === false || own(value, "success") === false || own(value, "fault") !== undefined) return value;
  const code = own(value, "code");
  if (typeof code === "string" && typeof own(value, "message") === "string" && (isCode(code) || isBare(value, code))) {
    return value;
  }
  const result = own(own(value, "base_resp"), "status_code");
  if (typeof result === "number" && result !== 0) return value;
  const state = own(value, "status") ?? own(value, "state");
  if (typeof state === "string" && ended.test(state)) return value;
  const statusCode = own(value, "statusCode");
  if (typeof statusCode === "number" && statusCode >= 400) return value;
  return within(value, isCode, depth) ?? bedrockEvent(value);
}

/** Code, message and request id and nothing else, as DashScope answers when it failed. */
function isBare(value: object, code: string): boolean {
  return (
    own(value, "request_id") !== undefined && Object.keys(value).length === 3 && !/^(?:success|ok|0*)$/i.test(code)
  );
}

function isFilled(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  for (const key in typeof value === "object" ? value : null) if (Object.hasOwn(value as object, key)) return true;
  return false;
}

function within(value: object, isCode: (code: string) => boolean, depth: number): unknown {
  const response = own(value, "response");
  if (isFilled(own(response, "error"))) return failureIn(response, isCode, depth + 1);
  const choices = own(value, "choices");
  if (Array.isArray(choices)) return choices.slice(0, 50).find((choice) => isFilled(own(choice, "error"))) ?? null;
  const reason = own(own(value, "promptFeedback"), "blockReason");
  if (typeof reason === "string") return { code: reason, type: "content_policy" };
  const candidates = own(value, "candidates");
  if (!Array.isArray(candidates) || candidates.length === 0) return null;
  const reasons = candidates.slice(0, 50).map((candidate) => own(candidate, "finishReason"));
  return reasons.every((one) => typeof one === "string" && blocked.test(one))
    ? { code: reasons[0], type: "content_policy", message: own(candidates[0], "finishMessage") }
    : null;
}

/** `{ "throttlingException": { "message": … } }`: the name of the event is the code. */
function bedrockEvent(value: object): unknown {
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const inner = own(value, key);
    return key.endsWith("Exception") && isFilled(inner) ? { ...(inner as object), __type: key } : null;
  }
  return null;
}

import type { Kind } from "../catalog/kinds.ts";
import { catalog } from "../catalog/catalog.ts";
import type { Verdict } from "../verdict.ts";

/** A verdict of this kind, with an upstream that says what must not leave. */
export function verdictOf(kind: Kind, changes: Partial<Verdict> = {}): Verdict {
  const { fault, status, retryable, meaning, action } = catalog.kinds[kind];
  const upstream = { status: 500, code: "up_code", message: "upstream said: sk-abc123", requestId: "req_up" };
  const rest = { phase: "answered", provider: "openai", evidence: "test", retryAfterMs: null } as const;
  return { kind, fault, status, retryable, meaning, action, upstream, ...rest, ...changes };
}

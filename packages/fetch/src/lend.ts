// For clients that have loops, timers and errors of their own, and send through a fetch that is lent to them.
export { createLender } from "./resilient.ts";
export type { FailedAttempt, Host, LentFetch } from "./host.ts";
export { unread } from "./body.ts";
export { isStream } from "./request.ts";
export { knownVerdict } from "./verdict-of.ts";

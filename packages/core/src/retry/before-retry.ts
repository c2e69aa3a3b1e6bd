import { notBegun } from "./decide.ts";
import type { Guard } from "./guard.ts";
import type { Failed, Operation } from "./operation.ts";
import type { Report } from "./report.ts";

/**
 * What happens between the wait and the next attempt: somebody looks up what became of the last one, and the host has its
 * turn.
 *
 * @returns the value of the call in the place of an attempt; `stop`: nobody knows whether it was executed; `absent`: nothing
 *   was; `null`: go on
 */
export async function beforeRetry<T>(
  operation: Operation<T>,
  failed: Failed<T>,
  guard: Guard,
  report: Report,
): Promise<{ readonly value: T } | "stop" | "absent" | null> {
  let answer: "absent" | null = null;
  if (operation.reconcilable && !operation.idempotent && !notBegun(failed.verdict)) {
    const found = await lookUp(operation, failed, guard, report);
    if (found === "unknown") return "stop";
    if (found !== "absent") return found;
    answer = found;
  }
  if (operation.beforeRetry === undefined) return answer;
  guard.renew();
  return (await guard.watch(operation.beforeRetry(failed, guard))) ?? answer;
}

async function lookUp<T>(
  operation: Operation<T>,
  failed: Failed<T>,
  guard: Guard,
  report: Report,
): Promise<{ readonly value: T } | "absent" | "unknown"> {
  guard.renew();
  let fault: unknown;
  const asked = (async () => operation.reconcile!(failed, guard))();
  const found = await guard.watch(
    asked.catch((thrown: unknown) => {
      fault = thrown;
      return "unknown" as const;
    }),
  );
  const word = typeof found === "string" ? found : "done";
  const attempt = failed.attempts.length + 1;
  report.emit({ type: "reconciled", attempt, found: word, ...(fault !== undefined && { fault }) });
  return found;
}

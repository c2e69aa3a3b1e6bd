import type { Verdict } from "@failwell/core";
import type { FailedAttempt, Host } from "@failwell/fetch/lend";
import { type KyOptions, retryOf } from "./options.ts";

/** The parts of ky's `retry` that judge a failure; nothing when nobody set them. */
export function weighed(options: KyOptions, errorOf: (failed: FailedAttempt) => Promise<Error>): Pick<Host, "weigh"> {
  const { statusCodes, retryOnTimeout, shouldRetry } = retryOf(options);
  if (statusCodes === undefined && retryOnTimeout === undefined && shouldRetry === undefined) return {};
  return {
    weigh: async (failed) => {
      const { verdict, response, attempts } = failed;
      const word = await shouldRetry?.({ error: await errorOf(failed), retryCount: attempts.length + 1 });
      if (typeof word === "boolean") return { ...verdict, retryable: word };
      if (response === null) {
        return verdict.kind === "timeout" && retryOnTimeout === false ? { ...verdict, retryable: false } : verdict;
      }
      return statusCodes === undefined ? verdict : listed(verdict, statusCodes.includes(response.status));
    },
  };
}

/** A list of statuses stands in the place of the status table; what a code or a header of the server says is stronger. */
function listed(verdict: Verdict, isListed: boolean): Verdict {
  const table = verdict.evidence.startsWith("status ");
  return { ...verdict, retryable: isListed && (table || verdict.retryable) };
}

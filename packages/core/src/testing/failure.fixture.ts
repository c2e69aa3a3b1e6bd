import type { FailwellError } from "../retry/errors.ts";

/** What a call was rejected with; fails when it was not. Typed as what most tests expect: they still have to check. */
export async function failure(work: Promise<unknown>): Promise<FailwellError> {
  return work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as FailwellError,
  );
}

import type { AmbiguousOutcomeError } from "../retry/ambiguous.ts";
import { FailwellError } from "../retry/errors.ts";
import { equal } from "./checks.ts";

/** What a call was rejected with; fails when it was not. */
export function thrown(work: Promise<unknown>): Promise<unknown> {
  const error = work.then(
    () => {
      throw new Error("it must fail, and did not");
    },
    (reason: unknown) => reason,
  );
  // A rule that fails before it looks at it has said enough.
  error.catch(() => {});
  return error;
}

/** Waits for the end of a call, whatever it is. */
export async function settled(work: Promise<unknown>): Promise<void> {
  await work.catch(() => {});
}

/** An abort is told by its reason: it is the error, or its cause. */
export function aborted(error: unknown, reason: unknown): void {
  equal(
    error === reason || (error as Error).cause === reason,
    true,
    "the reason of the abort is the error or its cause",
  );
}

function chain(error: unknown): unknown[] {
  const links: unknown[] = [];
  for (let link = error; link instanceof Error && !links.includes(link); link = link.cause) links.push(link);
  return links;
}

/** Finds the error that says that nobody knows, among the causes of what a client threw. */
export function ambiguous(error: unknown): AmbiguousOutcomeError {
  const found = chain(error).find((link) => FailwellError.is(link, "ambiguous_outcome"));
  if (found === undefined) throw new Error(`must be an ambiguous outcome, is ${texts(error)}`);
  return found as AmbiguousOutcomeError;
}

/** An error and its causes, in one line. */
export function texts(error: unknown): string {
  return chain(error).map(String).join(" <- ");
}

/** Lets real time pass, where nothing tells. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for an event to have happened. */
export async function until(condition: () => boolean, ms = 3000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not so within ${ms} ms: ${String(condition)}`);
    await pause(2);
  }
}

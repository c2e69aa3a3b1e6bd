import type { Hook } from "./options.ts";

/** What a `beforeRetry` hook said of the whole call. No Error, so that no `beforeError` hook is told. */
export class Word {
  /** What the hook threw; `null` when it said `ky.stop`. */
  readonly fault: { readonly thrown: unknown } | null;

  constructor(fault: Word["fault"]) {
    this.fault = fault;
  }
}

/** What ky tells a `beforeRetry` hook. */
export interface RetryState {
  readonly request: Request;
  readonly options: object;
  readonly error: Error;
  readonly retryCount: number;
}

/**
 * Runs the `beforeRetry` hooks as ky runs them.
 *
 * @returns what is sent from now on, or the answer of the call
 * @throws {Word} a hook stopped the call, or threw
 */
export async function runBeforeRetry(
  hooks: readonly Hook[],
  state: RetryState,
  stop: unknown,
): Promise<Request | Response> {
  for (const hook of hooks as readonly ((state: RetryState) => unknown)[]) {
    let answer;
    try {
      answer = await hook(state);
    } catch (thrown) {
      // That of the attempt is for `beforeError`; any other goes out as it is.
      throw thrown === state.error ? thrown : new Word({ thrown });
    }
    if (answer === stop) throw new Word(null);
    if (answer instanceof Response || answer instanceof Request) return answer;
  }
  // They may have changed its headers.
  return state.request;
}

import type { ResponsePromise } from "ky";
import { Word } from "./before-retry.ts";
import type { Call } from "./call.ts";

/** Lets the call know when a shortcut is used, and makes `ky.stop` an answer of `undefined`. */
export function shortcuts(promise: ResponsePromise, call: Call): ResponsePromise {
  const outer = promise.then((response) => call.told(response) as typeof response, stopped) as ResponsePromise;
  for (const type of Object.keys(promise)) {
    const read = promise[type as "json"];
    const shortcut = (schema: never): Promise<unknown> => {
      call.whole = true;
      // Who uses a shortcut hears of a failure there.
      outer.catch(() => {});
      return read(schema).catch(stopped);
    };
    (outer as unknown as Record<string, unknown>)[type] = shortcut;
  }
  return outer;
}

function stopped(error: unknown): undefined {
  if (!(error instanceof Word)) throw error;
  if (error.fault !== null) throw error.fault.thrown;
}

import type { Dialect } from "../resolve/dialect.ts";
import type { Reader } from "../resolve/reading.ts";
import { asides } from "./asides.ts";
import { fields } from "./fields.ts";
import { markup } from "./markup.ts";
import { rpc } from "./rpc.ts";
import { sdks } from "./sdks.ts";
import { speech } from "./speech.ts";
import { streams } from "./streams.ts";
import { successes } from "./successes.ts";
import { waits } from "./waits.ts";

/** Every reader, in the order in which they read; who speaks, and what it means, is told by the dialects given. */
export function allReaders(dialects: readonly Dialect[]): readonly Reader[] {
  return [markup, streams, rpc, sdks, successes, fields, speech(dialects), asides, waits];
}

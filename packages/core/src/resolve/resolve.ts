import type { Meanings } from "../catalog/kinds.ts";
import { statusMeanings } from "../catalog/statuses.ts";
import { allDialects } from "../dialects/all.ts";
import { allReaders } from "../readers/all.ts";
import { createBaseResolver, type Resolve } from "./base-resolver.ts";
import type { Dialect } from "./dialect.ts";

/**
 * Says what an outcome means, by the first evidence that speaks: an explicit word on retrying, a machine code, a header
 * that names the class, a message pattern of a known provider, the status, the look of the body.
 *
 * A body counts as complete: of a stream that still runs, give the error event alone.
 */
export const resolve: Resolve = /* @__PURE__ */ createResolver({ dialects: allDialects });

/**
 * Makes a {@link resolve} that knows other dialects, or speaks from another catalog.
 *
 * @param options `dialects` in the order of precedence: where two give a code different meanings, the first one speaks for
 *   those whose provider is not known
 */
export function createResolver({
  dialects,
  catalog = statusMeanings,
}: {
  readonly dialects: readonly Dialect[];
  readonly catalog?: Meanings;
}): Resolve {
  return createBaseResolver({ readers: allReaders(dialects), catalog });
}

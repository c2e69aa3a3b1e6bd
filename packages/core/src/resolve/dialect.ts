import type { Kind } from "../catalog/kinds.ts";

/**
 * A kind, and behind it one sign at most.
 * - `+`, `-`: retryable or not, whatever the kind usually is
 * - `?`: vague, so that a message pattern is asked first
 * - `~`: weak, so that it decides only where no error status does
 * - `@`: counts only beside a Retry-After header
 */
export type Sense = Kind | `${Kind}${"+" | "-" | "?" | "~" | "@"}`;

/**
 * What is known about one provider, gateway or proxy: data, no code. Only what neither the status nor the words of a code
 * tell already.
 *
 * Its codes are looked up for everybody, first listed dialect first; numeric codes and wildcards only when this dialect
 * speaks. It speaks when the caller names it, or when one of its tells is found.
 */
export interface Dialect {
  /** What the verdict calls it. */
  readonly name: string;
  /**
   * Other names a caller may use for it, separated by spaces. One with a dot is a host, and stands for all hosts below
   * it: `x.ai` for `api.x.ai`, but not for `notx.ai`.
   */
  readonly labels?: string;
  /**
   * Response headers that nobody else sends, or how their names begin, separated by spaces: `x-vercel` for
   * `x-vercel-error`, `via=1.1+google` for a value that begins so.
   */
  readonly headers?: string;
  /** Fields that nobody else sends, as dotted paths separated by spaces: `base_resp`, or `type=error&request_id=req_`. */
  readonly fields?: string;
  /** A message that nobody else sends. */
  readonly text?: RegExp;
  /**
   * Stands between, so that what it says is not the provider's fault: an `api` that puts errors into words of its own,
   * or a `proxy`. Headers of a proxy are no tell beside a JSON body, which it only passed on.
   */
  readonly gateway?: "api" | "proxy";
  /** Its tells are shared by many: a message that tells another one speaks first. */
  readonly guess?: boolean;
  /** Where its code stands when none of the usual fields has one: a dotted path. */
  readonly codeAt?: string;
  /** Where its code stands in a message: the first group of a pattern. */
  readonly codeIn?: RegExp;
  /**
   * What its codes mean: codes separated by spaces, in any spelling of case and punctuation, without a trailing `Error`
   * or `Exception`. A status stands for itself. Wildcards: `SAFETY*` begins with, `*perday` contains.
   */
  readonly codes?: { readonly [S in Sense]?: string };
  /** Anchored patterns for messages whose code lies or is missing; first match wins. Keep them linear. */
  readonly messages?: readonly (readonly [Sense, RegExp])[];
  /** Another dialect whose messages are this one's too, after its own. */
  readonly like?: Dialect;
}

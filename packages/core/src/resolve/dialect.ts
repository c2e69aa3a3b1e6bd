import type { Kind } from "../catalog/catalog.ts";

/** A kind, with `+` or `-` behind it when this meaning is retryable or not whatever the kind usually is. */
export type Meaning = Kind | `${Kind}+` | `${Kind}-`;

/**
 * What is known about one provider, gateway or proxy: data, no code.
 *
 * Its codes are looked up for everybody, first listed dialect first; numeric codes and wildcards only when this dialect
 * speaks. It speaks when the caller names it, or when one of its tells is found.
 */
export interface Dialect {
  /** What the verdict calls it. */
  readonly name: string;
  /** Other names a caller may use for it, separated by spaces. */
  readonly labels?: string;
  /** Response headers that nobody else sends, separated by spaces: `x-vercel-error`, or `via=1.1+google` for a prefix. */
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
  /** Where its code stands when none of the usual fields has one: dotted paths separated by spaces. */
  readonly codeAt?: string;
  /** Where its code stands in a message: the first group of a pattern. */
  readonly codeIn?: RegExp;
  /**
   * What its codes mean: codes separated by spaces, in any spelling of case and punctuation, without a trailing `Error`
   * or `Exception`. A status stands for itself. Wildcards: `SAFETY*` begins with, `*perday` contains.
   * - `?code` is vague: a message pattern is asked first
   * - `~code` is weak: it decides only where no error status does
   * - `@code` counts only beside a Retry-After header
   */
  readonly codes?: { readonly [M in Meaning]?: string };
  /** Anchored patterns for messages whose code lies or is missing; first match wins. Keep them linear. */
  readonly messages?: readonly (readonly [Meaning, RegExp])[];
  /** Another dialect whose codes and messages are this one's too, after its own. */
  readonly like?: Dialect;
}

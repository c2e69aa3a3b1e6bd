import type { Head } from "./heads.ts";

/** What the requests of Node, through follow-redirects, and of browsers tell when they are answered. */
interface Answered {
  readonly _redirectable?: { readonly _redirectCount?: number };
  readonly res?: { readonly responseUrl?: string };
  readonly responseURL?: string;
}

/** Knows to which origin the redirects of an attempt led: `null` without one, empty when nobody knows where to. */
export class Redirects {
  readonly #asked: URL | null;
  #at: URL | null;
  #origin: string | null = null;
  /** Each redirect sent the same request on (307, 308). */
  isSentOn = true;

  constructor(asked: URL | null) {
    this.#asked = this.#at = asked;
  }

  /** The headers of any answer came in, also of one that sends elsewhere. */
  heard({ status, headers }: Head): string | null {
    const location = headers["location"];
    if (status >= 300 && status < 400 && location !== undefined) {
      this.isSentOn &&= status === 307 || status === 308;
      this.#follow(String(location));
    }
    return this.#origin;
  }

  /** The answer came: not every transport lets its headers be heard. */
  answered(request: unknown): string | null {
    if (typeof request !== "object" || request === null) return this.#origin;
    const { _redirectable: { _redirectCount: hops = 0 } = {}, res, responseURL = "" } = request as Answered;
    // What was heard hop by hop is known better.
    if (this.#origin !== null) return this.#origin;
    const other = responseURL !== "" && this.#asked !== null && isOther(responseURL, this.#asked);
    if (hops > 0 || other) {
      this.isSentOn = false;
      this.#follow(hops > 0 ? (res?.responseUrl ?? "") : responseURL);
    }
    return this.#origin;
  }

  #follow(location: string): void {
    this.#at = URL.canParse(location, this.#at?.href) ? new URL(location, this.#at?.href) : null;
    this.#origin = this.#at?.origin ?? "";
  }
}

function isOther(url: string, asked: URL): boolean {
  return URL.canParse(url) && bare(new URL(url)) !== bare(asked);
}

/** Where an answer came from has no fragment, and need not have the credentials. */
function bare({ origin, pathname, search }: URL): string {
  return origin + pathname + search;
}

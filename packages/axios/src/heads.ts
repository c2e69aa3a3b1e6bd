import { Unlimited } from "@failwell/core";

/** An answer whose headers came, and whose body may take as long as it likes. */
export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** How many bytes came so far, where nobody tells of each. */
  readonly bytes?: () => number;
  /** Ends the request. */
  stop(): void;
}

export type Hear = (head: Head) => void;

/** What undici calls: the first two up to undici 7, the last one from 7 on. */
interface Handler {
  onConnect?: (abort: (reason: unknown) => void, ...rest: unknown[]) => unknown;
  onHeaders?: (status: number, headers: readonly Uint8Array[], ...rest: unknown[]) => unknown;
  onResponseStart?: (controller: Controller, status: number, headers: Head["headers"], ...rest: unknown[]) => unknown;
}
interface Controller {
  abort(reason: unknown): void;
}

/** A dispatcher without limits of its own, that tells the headers of each answer before its body is read. */
export class Announcing extends Unlimited {
  readonly #hear: Hear;

  constructor(hear: Hear, ...inner: ConstructorParameters<typeof Unlimited>) {
    super(...inner);
    this.#hear = hear;
  }

  override dispatch(...[options, handler]: Parameters<Unlimited["dispatch"]>): boolean {
    this.#listen(handler);
    return super.dispatch(options, handler);
  }

  #listen(handler: Handler): void {
    const hear = this.#hear;
    const { onConnect, onHeaders, onResponseStart } = handler;
    let end: ((reason: unknown) => void) | undefined;
    if (onConnect) {
      handler.onConnect = function (abort, ...rest) {
        end = abort;
        return onConnect.call(this, abort, ...rest);
      };
    }
    if (onHeaders) {
      handler.onHeaders = function (status, headers, ...rest) {
        hear({ status, headers: fromPairs(headers), stop: () => end?.(stopped()) });
        return onHeaders.call(this, status, headers, ...rest);
      };
    }
    if (onResponseStart) {
      handler.onResponseStart = function (controller, status, headers, ...rest) {
        hear({ status, headers, stop: () => controller.abort(stopped()) });
        return onResponseStart.call(this, controller, status, headers, ...rest);
      };
    }
  }
}

function stopped(): Error {
  return new Error("the call goes on without this answer");
}

/** Names and values by turns, as bytes. */
function fromPairs(pairs: readonly Uint8Array[]): Head["headers"] {
  const decoder = new TextDecoder("latin1");
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const name = decoder.decode(pairs[at]).toLowerCase();
    const value = decoder.decode(pairs[at + 1]);
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

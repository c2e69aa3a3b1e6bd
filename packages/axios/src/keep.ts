import type { AxiosResponse } from "axios";
import { isNodeStream, type Stream } from "./streams.ts";

/** Who watches a stream. */
export interface Watcher {
  /**
   * What the reader is told.
   *
   * @param error what broke the stream, when the call did not end it
   */
  readonly explain: (error?: unknown) => unknown;
  /** The stream is over. */
  readonly release: () => void;
}

/** Watches a stream that was handed out: the deadline and the caller's abort still end it, until it is over. */
export class Keeper {
  #end: ((reason: unknown) => void) | null = null;
  readonly #watcher: Watcher;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /** Called before axios listens, so that the stream breaks with our reason. */
  listen(signal: AbortSignal): void {
    signal.addEventListener("abort", () => this.#end?.(this.#watcher.explain()));
  }

  /**
   * Puts a watched stream into a response, or watches the one that is there.
   *
   * @param stop ends the request: axios lets go of an error before its body is read, and cannot cancel what is being read
   */
  keep(response: AxiosResponse, stop: () => void): void {
    const stream = response.data as Stream;
    if (!isNodeStream(stream)) {
      response.data = this.#watched(stream, stop);
      return;
    }
    this.#end = (reason) => {
      this.#end = null;
      stream.destroy(reason);
    };
    for (const event of ["end", "close"]) stream.once(event, () => this.#over());
    // As with axios, nobody has to listen. Whoever does gets the same error, which can be told more of only in place.
    stream.on("error", (error) => {
      if (this.#end !== null) this.#watcher.explain(error);
    });
  }

  #watched(source: ReadableStream<Uint8Array>, stop: () => void): ReadableStream<Uint8Array> {
    const reader = source.getReader();
    const { explain } = this.#watcher;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#end = (reason) => {
            controller.error(reason);
            this.#over();
            stop();
          };
        },
        pull: async (controller) => {
          try {
            const { done, value } = await reader.read();
            if (!done) return controller.enqueue(value);
            controller.close();
          } catch (error) {
            if (this.#end !== null) controller.error(explain(error));
          }
          this.#over();
        },
        cancel: (reason) => {
          this.#over();
          stop();
          // What is being read may never come.
          reader.cancel(reason).catch(() => {});
        },
      },
      { highWaterMark: 0 },
    );
  }

  #over(): void {
    this.#end = null;
    this.#watcher.release();
  }
}

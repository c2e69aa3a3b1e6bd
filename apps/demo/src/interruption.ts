/** The demo was ended before it was done. */
export class Interruption extends Error {
  override name = "Interruption";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A signal that Ctrl-C and a polite kill abort; the second time they end the process at once. */
export function interruptSignal(process: NodeJS.EventEmitter): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort(new Interruption("interrupted", 130)));
  process.once("SIGTERM", () => controller.abort(new Interruption("terminated", 143)));
  return controller.signal;
}

/**
 * A signal that aborts when the demo takes too long: 60 s, or 20 min of its own time where that is longer. Its timer keeps
 * nothing alive.
 */
export function watchdog(scale: number): AbortSignal {
  const seconds = Math.max(60, Math.ceil(1200 / scale));
  const controller = new AbortController();
  const bark = (): void => controller.abort(new Interruption(`not done after ${seconds} s`, 1));
  setTimeout(bark, seconds * 1000).unref();
  return controller.signal;
}

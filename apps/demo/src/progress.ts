/** Where progress is told: stderr. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells how far it is: in one line that changes on a terminal, in a line per scenario elsewhere. */
export interface Progress {
  started(name: string): void;
  finished(name: string, passed: boolean, realMs: number): void;
  /** Leaves the line as if nothing had been there. */
  clear(): void;
}

export function progressOn(stream: ProgressStream, total: number): Progress {
  const running = new Set<string>();
  let done = 0;
  const terminal = stream.isTTY === true;

  function draw(): void {
    if (!terminal) return;
    const playing = running.size === 0 ? "" : `, playing ${[...running].join(", ")}`;
    const line = `${done} of ${total} done${playing}`;
    const width = (stream.columns ?? 80) - 1;
    stream.write(`\r\x1B[K${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
  }

  return {
    started(name) {
      running.add(name);
      draw();
    },
    finished(name, passed, realMs) {
      running.delete(name);
      done++;
      if (terminal) draw();
      else stream.write(`${passed ? "✓" : "✗"} ${name} (${(realMs / 1000).toFixed(1)} s)\n`);
    },
    clear() {
      if (terminal) stream.write("\r\x1B[K");
    },
  };
}

import { demo } from "./demo.ts";
import { Interruption, interruptSignal } from "./interruption.ts";
import { scenarios } from "./scenarios/all.ts";

const { argv, env, stderr, stdout } = process;
const LEAK_MS = 5000;

// A reader that has seen enough, such as `head`, is no failure.
for (const stream of [stdout, stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

// The exit code is set, and the process ends by itself: what is left open shows.
try {
  process.exitCode = await demo(argv.slice(2), { scenarios, stdout, stderr, env, signal: interruptSignal(process) });
} catch (error) {
  if (!(error instanceof Interruption)) throw error;
  stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

setTimeout(() => {
  stderr.write(`still open: ${process.getActiveResourcesInfo().join(", ")}\n`);
  process.exit(1);
}, LEAK_MS).unref();

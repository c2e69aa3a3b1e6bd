import { parseArgs } from "node:util";

/** What the demo is asked to do. */
export interface Options {
  readonly help: boolean;
  readonly list: boolean;
  readonly json: boolean;
  /** How many times as fast as the wall the demo's clock runs. */
  readonly scale: number;
  /** Empty for all. */
  readonly scenarios: readonly string[];
}

/** Somebody asked for what there is not: a message for them, and exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

const DEFAULT_SCALE = 60;
const MAX_SCALE = 120;

export const help: string = `usage: pnpm demo [options]

Starts an HTTP server on 127.0.0.1 that plays providers, calls it with a resilient fetch, and shows what came of it: how
each failure was classified, what was retried and what was not, and what the caller got.

  --scenario NAME  plays this scenario only; may be given several times
  --list           lists the scenarios
  --scale N        lets time run N times as fast, 1 to ${MAX_SCALE}; default ${DEFAULT_SCALE}: one minute takes a second
  --json           writes one JSON object per scenario to stdout, and nothing else
  --help           shows this

Exit code 0 when every scenario ended as expected, 1 when not, 2 for a wrong option, 130 after Ctrl-C.
It ends after 60 s, or after 20 min of its own time where that is longer.
`;

/**
 * Reads the command line.
 *
 * @param known the names of the scenarios there are
 * @throws {UsageError} with a sentence that says what is wrong
 */
export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const { scenario = [], scale = String(DEFAULT_SCALE), ...flags } = parse(args);
  const unknown = scenario.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`there is no scenario ${quoted(unknown)}, there are ${known.join(", ")}`);
  }
  const number = Number(scale);
  if (scale.trim() === "" || !(number >= 1 && number <= MAX_SCALE)) {
    throw new UsageError(`--scale must be a number from 1 to ${MAX_SCALE}, got "${scale}"`);
  }
  return { help: false, list: false, json: false, ...flags, scale: number, scenarios: scenario };
}

type Values = { help?: boolean; list?: boolean; json?: boolean; scale?: string; scenario?: string[] };

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({
      // pnpm passes on the "--" that other package managers need
      args: args[0] === "--" ? args.slice(1) : [...args],
      options: {
        help: { type: "boolean", short: "h" },
        list: { type: "boolean" },
        json: { type: "boolean" },
        scale: { type: "string" },
        scenario: { type: "string", multiple: true },
      },
    }).values;
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`${message.charAt(0).toLowerCase()}${message.slice(1).split(". ")[0]!.replace(/\.$/, "")}`);
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

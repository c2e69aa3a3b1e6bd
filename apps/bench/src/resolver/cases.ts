import { readFileSync } from "node:fs";

/** One line of a case file. */
export interface Case {
  readonly id: string;
  readonly provider: string;
  readonly status: number | null;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
  readonly bodyBase64?: string;
  readonly thrown?: unknown;
  readonly expect: {
    readonly kind: string;
    readonly kindAlt?: readonly string[];
    readonly retryable: boolean;
    readonly retryAfterMs: number | null;
    readonly code: string | null;
    readonly upstreamMessage: string | null;
    readonly requestId: string | null;
  };
  readonly now?: string;
}

/**
 * Reads a case file: one JSON object per line.
 *
 * @throws {Error} with `file:line: what is wrong`
 */
export function readCases(file: string): Case[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return parseCases(text, file);
}

/** Parses the text of a case file; `file` is for messages. */
export function parseCases(text: string, file: string): Case[] {
  const cases: Case[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const where = `${file}:${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new Error(`${where}: not JSON: ${(error as Error).message}`, { cause: error });
    }
    const problem = problemOf(value);
    if (problem !== null) throw new Error(`${where}: ${problem}`);
    cases.push(value as Case);
  }
  if (cases.length === 0) throw new Error(`${file}: no case in it`);
  return cases;
}

function problemOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "not an object";
  const of = value as Record<string, unknown>;
  if (typeof of["id"] !== "string") return "id must be a string";
  const thrown = of["thrown"] !== undefined && of["thrown"] !== null;
  if (!thrown && typeof of["status"] !== "number") return "status must be a number, or thrown present";
  if (!thrown && typeof of["body"] !== "string") return "body must be a string";
  const expect = of["expect"];
  if (typeof expect !== "object" || expect === null) return "expect must be an object";
  if (typeof (expect as Record<string, unknown>)["kind"] !== "string") return "expect.kind must be a string";
  return null;
}

/** Was something thrown, instead of an answer? */
export function isThrown(one: Case): boolean {
  return one.thrown !== undefined && one.thrown !== null;
}

/** The error that a case throws: a real Error with the properties given, or the primitive itself. */
export function errorOf(thrown: unknown): unknown {
  if (typeof thrown !== "object" || thrown === null) return thrown;
  if (Object.hasOwn(thrown, "$primitive")) return (thrown as { $primitive: unknown }).$primitive;
  return build(thrown as Record<string, unknown>, undefined);
}

function build(shape: Record<string, unknown>, root: Error | undefined): Error {
  const { name, message, stack: _, ...rest } = shape;
  const error = new Error(typeof message === "string" ? message : "");
  if (typeof name === "string") Object.defineProperty(error, "name", { value: name, configurable: true });
  for (const [key, value] of Object.entries(rest)) {
    (error as unknown as Record<string, unknown>)[key] = revive(key, value, root ?? error);
  }
  return error;
}

function revive(key: string, value: unknown, root: Error): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, "$ref")) return root;
  if (Object.hasOwn(value, "$primitive")) return (value as { $primitive: unknown }).$primitive;
  if (key === "errors" && Array.isArray(value)) return value.map((one) => revive("cause", one, root));
  return key === "cause" ? build(value as Record<string, unknown>, root) : value;
}

import { readFileSync } from "node:fs";

/** An answer in the shape in which a provider really sends it. */
export interface Recorded {
  readonly id: string;
  readonly provider: string;
  /** Where its shape comes from. */
  readonly source: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const file = new URL("../fixtures/responses.ndjson", import.meta.url);
const answers: ReadonlyMap<string, Recorded> = new Map(
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Recorded)
    .map((answer) => [answer.id, answer]),
);

/** @throws {RangeError} no answer is recorded under this id */
export function recordedAnswer(id: string): Recorded {
  const answer = answers.get(id);
  if (answer === undefined)
    throw new RangeError(`no answer is recorded as "${id}", there are ${[...answers.keys()].join(", ")}`);
  return answer;
}

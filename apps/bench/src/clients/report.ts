import { table } from "../overhead/report.ts";
import type { Client } from "./client.ts";
import { faults, inWords } from "./judge.ts";
import type { Scenario } from "./scenario.ts";
import type { Track } from "./track.ts";

type Rules = readonly Pick<Scenario, "rule" | "good">[];

/** The rules, with their numbers and what is good. */
export function rulesTable(rules: Rules): string {
  return table(
    ["rule", "good"],
    rules.map(({ rule, good }, index) => [`${index + 1}. ${rule}`, inWords(good)]),
  );
}

/** One line per client: requests and verdict per rule, and how many went well. */
export function summary(rules: Rules, tracks: readonly Track[]): string {
  return table(
    ["hits, and whether it went well", ...rules.map((_, index) => String(index + 1)), "well"],
    tracks.map((track) => [
      track.name,
      ...rules.map(({ good }, index) => {
        const observed = track.observed[index];
        return observed ? `${observed.hits} ${mark(faults(good, observed).length === 0)}` : "–";
      }),
      String(wellOf(rules, track)),
    ]),
  );
}

/** How many scenarios each client answered well, the best first. */
export function ranking(rules: Rules, tracks: readonly Track[]): string {
  const places = tracks.map((track) => ({ name: track.name, well: wellOf(rules, track) }));
  return table(
    ["client", `well, of ${rules.length}`],
    places.toSorted((a, b) => b.well - a.well).map(({ name, well }) => [name, String(well)]),
  );
}

/** Everything that was seen in one scenario. */
export function details({ rule, good }: Rules[number], index: number, tracks: readonly Track[]): string {
  const extra = good.figure ? [good.figure.name] : [];
  const rows = tracks.flatMap(({ name, observed }) => {
    const seen = observed[index];
    if (!seen) return [[name, "–", "–", ...extra.map(() => "–"), "did not run"]];
    const wrong = faults(good, seen).length > 0;
    const figure = extra.map(() => String(seen.figure ?? "–"));
    const outcome = [seen.ending, seen.outcome].filter(Boolean).join(": ");
    return [[`${mark(!wrong)} ${name}`, String(seen.hits), String(seen.ms), ...figure, inCell(outcome)]];
  });
  return `### ${index + 1}. ${rule}\n\nGood: ${inWords(good)}.\n\n${table(["client", "hits", "ms", ...extra, "outcome"], rows)}`;
}

/** How each client was set up, and what it documents. */
export function legend(clients: readonly Client[]): string {
  return clients.map(({ name, setUp, note }) => `- **${name}**: ${setUp}.${note ? ` It ${note}.` : ""}`).join("\n");
}

/** What could not run, and what went wrong beside the calls. */
export function oddities(tracks: readonly Track[]): string {
  const lines = tracks.flatMap(({ name, unable, strays }) => [
    ...(unable === undefined ? [] : [`- **${name}** did not run to the end: ${unable}`]),
    ...[...new Set(strays)].map((stray) => `- **${name}** left a rejection that nobody can handle: ${stray}`),
  ]);
  return lines.join("\n") || "Every client ran to the end, and none left a rejection that nobody can handle.";
}

function wellOf(rules: Rules, { observed }: Track): number {
  return rules.filter(({ good }, index) => observed[index] && faults(good, observed[index]).length === 0).length;
}

function mark(well: boolean): string {
  return well ? "✔" : "✘";
}

function inCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

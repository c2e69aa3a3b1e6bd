/**
 * Runs silence.ts on several Nodes at once, in real time, and keeps what came of it.
 *
 *     node realtime.ts SCRIPT NODE…
 *
 * Exits 1 unless every client got its answer, with one request, when it was given.
 */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";

const SECONDS = 330;

interface Row {
  readonly node: string;
  readonly client: string;
  readonly outcome: string;
  readonly seconds: number;
  readonly requests: number;
}

const [script = "", ...nodes] = process.argv.slice(2);
const run = promisify(execFile);

console.log(`silent for ${SECONDS} s, on ${nodes.length} versions of Node at once …`);
const results = await Promise.all(
  nodes.map(async (binary): Promise<Row[]> => {
    const version = (await run(binary, ["--version"])).stdout.trim();
    // Twice the time is enough for anything but a hang.
    const { stdout } = await run(binary, [script, String(SECONDS)], { timeout: SECONDS * 2000 });
    const lines = stdout.trim().split("\n");
    return lines.map((line) => ({ node: version, ...(JSON.parse(line) as Omit<Row, "node">) }));
  }),
);
const rows = results.flat().toSorted((a, b) => a.node.localeCompare(b.node) || a.client.localeCompare(b.client));

const good = ({ outcome, seconds, requests }: Row): boolean =>
  outcome === "200 done" && requests === 1 && seconds >= SECONDS && seconds < SECONDS + 5;
const table = [
  "| Node | client | outcome | after, s | requests |",
  "| --- | --- | --- | ---: | ---: |",
  ...rows.map((row) => `| ${row.node} | ${row.client} | ${row.outcome} | ${row.seconds} | ${row.requests} |`),
].join("\n");
const date = new Date().toISOString().slice(0, 10);
const text = `# A server that is silent for ${SECONDS} s

Made by \`pnpm test:realtime\` on ${date}: the packed packages, profile \`longRunning\`, a POST each, all at once.

${table}
`;
console.log(table);
mkdirSync(new URL("../results", import.meta.url), { recursive: true });
writeFileSync(new URL("../results/realtime.md", import.meta.url), text);
if (rows.length !== nodes.length * 4 || !rows.every(good)) process.exitCode = 1;

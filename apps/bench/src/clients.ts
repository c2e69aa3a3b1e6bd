/**
 * What becomes of the same failures in different clients, on real servers of this machine.
 *
 *     node apps/bench/src/clients.ts [--only NAME] [--write]
 *
 * `--only` runs the clients whose name contains NAME, and may be repeated; `--write` keeps the tables in
 * results/clients.md.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ours } from "./clients/ours.ts";
import { peers } from "./clients/peers.ts";
import { details, legend, oddities, ranking, rulesTable, summary } from "./clients/report.ts";
import { scenarios } from "./clients/scenarios.ts";
import { tracks } from "./clients/track.ts";
import { provenance } from "./overhead/report.ts";

const { values } = parseArgs({ options: { only: { type: "string", multiple: true }, write: { type: "boolean" } } });
const { only } = values;
if (only && values.write) throw new Error("--write keeps all clients: it cannot go with --only");

const clients = [...ours, ...peers].filter(({ name }) => !only || only.some((part) => name.includes(part)));
if (clients.length === 0) throw new Error(`no client is named ${only?.join(" or ")}`);

const found = await tracks(clients.map(({ name }) => name));
const text = `# What clients make of failures

Made by \`pnpm bench:clients --write\`.

${provenance()}

Every client has two retries and otherwise its defaults. The rules are about what does harm to users, not about what a library promises: a client that documents another default is named below.

${rulesTable(scenarios)}

${summary(scenarios, found)}

## In detail

${scenarios.map((scenario, index) => details(scenario, index, found)).join("\n\n")}

## How they were set up

Where a rule needs other waits, they are set wherever there is an option: 300 ms for a server that begins to listen 150 ms late, 50 ms for the 12 calls, 3 s for the abort.

${legend(clients)}

## What else happened

${oddities(found)}

## In all

${ranking(scenarios, found)}
`;
console.log(text);
if (values.write) writeFileSync(new URL("../results/clients.md", import.meta.url), text);

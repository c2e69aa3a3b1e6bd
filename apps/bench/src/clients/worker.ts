import { parentPort, workerData } from "node:worker_threads";
import { ours } from "./ours.ts";
import { peers } from "./peers.ts";
import { inShort, run } from "./run.ts";
import { scenarios } from "./scenarios.ts";
import type { Told } from "./track.ts";

const tell = (told: Told): void => parentPort!.postMessage(told);

// What nobody handles would end a service; here it is counted.
process.on("unhandledRejection", (reason) => tell({ stray: inShort(reason) }));
process.on("uncaughtException", (error) => tell({ stray: inShort(error) }));

try {
  const client = [...ours, ...peers].find(({ name }) => name === workerData);
  if (!client) throw new Error(`no client is named ${workerData}`);
  const open = await client.load();
  async function one(index: number): Promise<void> {
    tell({ index, observed: await run(open, scenarios[index]!) });
  }
  const indexes = [...scenarios.keys()];
  await Promise.all(indexes.filter((index) => !scenarios[index]!.alone).map(one));
  for (const index of indexes.filter((each) => scenarios[each]!.alone)) await one(index);
  tell({ done: true });
} catch (error) {
  tell({ unable: inShort(error) });
}

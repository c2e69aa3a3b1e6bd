import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";

const models = JSON.stringify({
  data: Array.from({ length: 20 }, (_, n) => ({ id: `model-${n}`, object: "model", owned_by: "x" })),
});

const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(models);
});
server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port));

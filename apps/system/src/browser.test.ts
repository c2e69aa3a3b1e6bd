import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "vite";
import { root } from "./manifest.ts";
import { program } from "./program.ts";

let server: Server;
let browser: Browser | undefined;
let open: Promise<Page> | undefined;
const flaky = new Map<string, number>();
const quota =
  '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}';

/** What a browser loads: the packages as an application would bundle them. */
async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, lib: { entry: join(root, "apps/system/src/browser-page.ts"), formats: ["es"] } },
  });
  const [{ output }] = [result].flat() as { output: { code: string }[] }[] as [{ output: [{ code: string }] }];
  return output[0].code;
}

beforeAll(async () => {
  const script = await bundle();
  server = createServer((request, response) => {
    const [path, client = ""] = request.url!.split("?");
    const times = (flaky.get(client) ?? 0) + 1;
    switch (path) {
      case "/":
        return response.setHeader("content-type", "text/html").end('<script type="module" src="/page.js"></script>');
      case "/page.js":
        return response.setHeader("content-type", "text/javascript").end(script);
      case "/flaky":
        flaky.set(client, times);
        return response.writeHead(times < 3 ? 503 : 200).end(`answer ${times}`);
      case "/quota":
        return response.writeHead(429, { "content-type": "application/json" }).end(quota);
      case "/slow":
        response.write("one, ");
        return setTimeout(() => response.end("two"), 50);
      case "/late":
        return response.writeHead(408).end();
      case "/stall":
        // With a type, or Chromium keeps the first bytes to guess it.
        return response.writeHead(200, { "content-type": "application/json" }).write("begin");
      default:
        return undefined; // silence
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

async function start(executablePath: string): Promise<Page> {
  // Without the flags Chromium looks for its maker's hosts at every start.
  const args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({ executablePath, args });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => "scenarios" in globalThis);
  return page;
}

test.for<[string, unknown]>([
  ["recovers", ["answer 3", [503, 503, 200]]],
  ["staysReadable", [true, true, JSON.parse(quota), quota]],
  ["streams", "one, two"],
  [
    "stalls",
    {
      code: "timeout",
      stop: "fatal",
      message: "no further byte of the body within 200 ms (idle timeout of the policy)",
    },
  ],
  ["aborts", "Error: left"],
  // A browser does not say whether the request went out, so a POST is not repeated.
  [
    "refuses",
    {
      code: "ambiguous_outcome",
      stop: "unsafe_replay",
      message:
        "POST http://127.0.0.1:2/ was sent without an answer: look up whether it was executed before you send it again; with an idempotency key or reconcile() this is done for you",
    },
  ],
  ["kyRecovers", ["answer 3", [503, 503, 200]]],
  ["xhrRecovers", ["answer 3", [503, 503, 200]]],
  ["xhrQuota", ["quota_exhausted", "fatal", 1]],
  ["xhrStalls", ["ECONNABORTED", "timer idle", "unsafe_replay"]],
  ["late", [[408, "fatal"]]],
  ["means", ["quota_exhausted", false]],
])("in Chromium: %s", async ([name, expected], context) => {
  open ??= start(program("chromium", context));
  const page = await open;
  const happened = await page.evaluate((scenario) => {
    const { scenarios } = globalThis as unknown as { scenarios: Record<string, () => unknown> };
    return scenarios[scenario]!();
  }, name);
  expect(happened).toEqual(expected);
});

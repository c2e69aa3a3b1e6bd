import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The order data flows in: a file may import only from lines above its own. */
const flow = [
  "outcome",
  "catalog/kinds",
  "catalog/statuses",
  "catalog/catalog",
  "verdict",
  "resolve/own",
  "resolve/headers",
  "resolve/body",
  "resolve/dialect",
  "resolve/reading",
  "resolve/unwrap",
  "resolve/retry-after",
  "resolve/judge",
  "resolve/answer",
  "resolve/thrown",
  "resolve/base-resolver",
  "dialects/openai",
  "dialects/anthropic",
  "dialects/aws",
  "dialects/azure",
  "dialects/chinese",
  "dialects/cloudflare",
  "dialects/compatible",
  "dialects/gateways",
  "dialects/google",
  "dialects/media",
  "dialects/proxies",
  "dialects/services",
  "dialects/all",
  "readers/canonical",
  "readers/words",
  "readers/lexicon",
  "readers/markup",
  "readers/streams",
  "readers/rpc",
  "readers/sdks",
  "readers/successes",
  "readers/fields",
  "readers/speech",
  "readers/asides",
  "readers/waits",
  "readers/all",
  "resolve/resolve",
  "redact",
  "retry/backoff",
  "retry/clock",
  "state/port",
  "state/cooldown",
  "state/budget",
  "state/failure-window",
  "state/ramp",
  "state/circuit",
  "state/breaker",
  "retry/timers",
  "retry/decide",
  "retry/attempt",
  "retry/errors",
  "retry/ambiguous",
  "retry/failure",
  "retry/events",
  "retry/policy",
  "retry/nesting",
  "retry/guard",
  "retry/operation",
  "retry/report",
  "retry/gates",
  "retry/before-retry",
  "retry/run",
  "retry/retry",
  "http/policy",
  "http/request",
  "http/lost",
  "http/peek",
  "http/operation",
  "http/dispatcher",
  "wire/names",
  "wire/to-wire",
  "wire/from-wire",
  "dialects",
  "index",
  "testing/seeded-random",
  "testing/jumping-clock",
  "testing/checks",
  "testing/port-contracts",
  "testing/client-checks",
  "testing/client-stage",
  "testing/client-rules",
  "testing/client-contract",
  "testing",
];

const src = fileURLToPath(new URL(".", import.meta.url));

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => /(?<!\.(?:test|test-d|fixture))\.ts$/.test(file))
  .map((file) => file.slice(0, -".ts".length));

test("every file has its place in the flow", () => {
  expect(files.toSorted()).toEqual(flow.toSorted());
});

test.each(flow)("%s imports only what comes before it", (name) => {
  const source = readFileSync(join(src, `${name}.ts`), "utf8");
  const imports = Array.from(source.matchAll(/from "(\.[^"]+)\.ts"/g), ([, path]) =>
    relative(src, join(src, dirname(name), path!)),
  );
  expect(flow.slice(0, flow.indexOf(name))).toEqual(expect.arrayContaining(imports));
});

test.each(flow)("%s imports nothing from outside the package", (name) => {
  const source = readFileSync(join(src, `${name}.ts`), "utf8");
  expect(Array.from(source.matchAll(/(?:from|import) "([^.][^"]*)"/g), ([, path]) => path)).toEqual([]);
});

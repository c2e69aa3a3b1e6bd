import { createBudget } from "../state/budget.ts";
import type { HttpPolicy } from "../http/policy.ts";
import { constant, fullJitter } from "../retry/backoff.ts";
import { failureOf } from "../retry/failure.ts";
import { type ClientRule, clientRules } from "./client-rules.ts";
import type { ClientStage, ContractAnswer, ContractCall, ScriptedAnswer, ScriptedServer } from "./client-stage.ts";
import type { ContractCase } from "./port-contracts.ts";
import { between, equal } from "./checks.ts";
import { aborted, ambiguous, pause, settled, texts, thrown, until } from "./client-checks.ts";

const quick = { retry: { backoff: constant(1) } } as const;
const post = { method: "POST", body: '{"prompt":"a cat"}' } as const;
const ok: ScriptedAnswer = { status: 200, body: "fine" };
const down: ScriptedAnswer = { status: 503, body: "down" };

/** What every resilient HTTP client does, whatever it wraps. */
export function clientContract(stage: ClientStage): ContractCase[] {
  const start = async (
    script: readonly ScriptedAnswer[],
    policy: HttpPolicy<never> = {},
  ): Promise<{ server: ScriptedServer; call: (call?: Partial<ContractCall>) => Promise<ContractAnswer> }> => {
    const server = await stage.serve(script);
    const client = stage.client({ ...quick, ...policy });
    return { server, call: (call) => client({ url: server.url, ...call }) };
  };

  return [
    ...clientRules.map((each) => rule(each.name, () => keep(stage, each))),

    rule("every attempt sends the same URL, headers and bytes", async () => {
      const { server, call } = await start([down, { instead: "reset" }, ok]);
      const { url } = server;
      await call({ method: "PUT", body: "bytes ä", url: `${url}/v1/x?a=1&b=%20#c`, headers: { "X-Own": "1" } });
      equal(server.seen.length, 3, "requests");
      const [first] = server.seen;
      equal(first!.url, "/v1/x?a=1&b=%20", "URL");
      equal(first!.body, "bytes ä", "body");
      for (const { at: _, ...request } of server.seen) {
        equal(JSON.stringify(request), JSON.stringify({ ...first, at: undefined }), "a later request");
      }
      equal(first!.headers["x-own"], "1", "header of the caller");
      equal(first!.headers["range"], undefined, "no part of a body is asked for");
    }),
    rule(
      "an idempotency key is the same on every attempt, another one on every call, and makes a lost POST safe",
      async () => {
        const { server, call } = await start([{ instead: "reset" }, ok, down, ok], { idempotencyKey: true });
        await call(post);
        await call(post);
        const keys = server.seen.map(({ headers }) => headers["idempotency-key"]);
        equal(keys.length, 4, "requests");
        equal(keys[1], keys[0], "key of the second attempt");
        equal(keys[3], keys[2], "key of the second attempt of the second call");
        equal(keys[2] === keys[0], false, "the same key for two calls");
      },
    ),
    rule("a refused key never hides the error before it", async () => {
      const { call } = await start(
        [
          { status: 500 },
          {
            status: 422,
            headers: { "content-type": "application/json" },
            body: '{"error":{"code":"idempotency_key_reuse"}}',
          },
        ],
        { idempotencyKey: "given" },
      );
      const { attempts } = await call(post);
      equal(attempts.map(({ status }) => status).join(), "500,422", "statuses of the attempts");
      equal(attempts[0]!.kind, "internal", "kind of the first");
    }),
    rule("a lost POST ends with an error that says what was sent, how far it got and what to do", async () => {
      const { server, call } = await start([{ instead: "reset" }]);
      const error = ambiguous(await thrown(call({ ...post, headers: { "Idempotency-Key": "k1" } })));
      equal(error.call, `POST ${server.url}/`, "call");
      equal(error.idempotencyKey, "k1", "key");
      equal(error.copies, 3, "copies that may have been executed");
      equal(error.progress, "sent", "progress");
      equal(error.action, "send it again with the same idempotency key, or look it up by that key", "action");
    }),
    ...(
      [
        ["absent", 2, "it is sent again when the look-up says that nothing was begun"],
        ["unknown", 1, "it is not sent again when the look-up cannot tell"],
        ["throws", 1, "it is not sent again when the look-up fails"],
      ] as const
    ).map(([found, requests, what]) =>
      rule(`a lost POST is looked up before anything else: ${what}`, async () => {
        const asked: string[] = [];
        const { server, call } = await start([{ instead: "reset" }, ok], {
          reconcile: async ({ method, url, headers, idempotencyKey, verdict, attempts }) => {
            asked.push(
              `${method} ${new URL(url).pathname} ${headers.get("x-job")} ${idempotencyKey} ${verdict.kind} ${attempts.length}`,
            );
            if (found === "throws") throw new Error("the look-up failed");
            return found;
          },
        });
        const work = call({ ...post, url: `${server.url}/jobs`, headers: { "x-job": "7" } });
        if (found === "absent") equal((await work).body, "fine", "body");
        else ambiguous(await thrown(work));
        equal(server.seen.length, requests, "requests");
        equal(asked.join(), "POST /jobs 7 null network 1", "what the look-up was asked");
      }),
    ),
    rule("a POST that was refused before it began is sent again without a look-up", async () => {
      const { server, call } = await start([{ status: 429 }, ok], {
        reconcile: () => Promise.reject(new Error("asked")),
      });
      equal((await call(post)).body, "fine", "body");
      equal(server.seen.length, 2, "requests");
    }),
    rule("an SDK that repeats a call makes one layer of retries: its repetition is one attempt", async () => {
      const { server, call } = await start([down]);
      await settled(call({ headers: { "x-stainless-retry-count": "1" } }));
      equal(server.seen.length, 1, "requests of the repetition");
    }),
    ...[false, true].map((idempotencyKey) =>
      rule(
        `an SDK that repeats a POST that was lost is refused, with the fix${idempotencyKey ? ", though each call has a key of its own" : ""}`,
        async () => {
          const { server, call } = await start([{ instead: "reset" }], { idempotencyKey });
          await thrown(call(repetition(0)));
          const sent = server.seen.length;
          const error = await thrown(call(repetition(1)));
          equal(server.seen.length, sent, "requests");
          equal(/set the SDK's maxRetries to 0/.test(texts(error)), true, "the fix is named");
        },
      ),
    ),
    rule("an SDK that repeats a POST of which nothing is known may do so, once", async () => {
      const { server, call } = await start([down, ok]);
      await settled(call({ ...post, headers: { "x-stainless-retry-count": "1" } }));
      equal(server.seen.length, 1, "requests");
    }),
    rule("an abort before the call sends nothing, and is the caller's own", async () => {
      const { server, call } = await start([ok]);
      const reason = new Error("changed my mind");
      aborted(await thrown(call({ signal: AbortSignal.abort(reason) })), reason);
      equal(server.seen.length, 0, "requests");
    }),
    rule("an abort during an attempt ends it, and is the caller's own", async () => {
      const { server, call } = await start([{ instead: "silence" }]);
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const work = thrown(call({ signal: controller.signal }));
      await until(() => server.seen.length === 1);
      controller.abort(reason);
      aborted(await work, reason);
      await until(() => server.sockets() === 0);
      equal(stage.listeners(controller.signal), 0, "listeners");
    }),
    rule("an abort during a wait settles within 20 ms, and nothing is sent after it", async () => {
      const { server, call } = await start([down], { retry: { backoff: constant(5000) } });
      const took: number[] = [];
      // The best of three: a busy machine may hold up one of them.
      for (let time = 1; time <= 3 && !(took[0]! <= 20); time++) {
        const controller = new AbortController();
        const reason = new Error("changed my mind");
        const work = thrown(call({ signal: controller.signal }));
        await until(() => server.seen.length === time);
        await pause(80); // until it waits: nothing tells from outside
        const begin = performance.now();
        controller.abort(reason);
        aborted(await work, reason);
        took.unshift(performance.now() - begin);
        equal(server.seen.length, time, "requests");
      }
      between(took[0]!, 0, 20, "ms to settle");
    }),
    rule("a signal that times out is a timeout, and the caller's own", async () => {
      const { server, call } = await start([{ instead: "silence" }]);
      const signal = AbortSignal.timeout(60);
      aborted(await thrown(call({ signal })), signal.reason);
      equal((signal.reason as Error).name, "TimeoutError", "name of the reason");
      equal(server.seen.length, 1, "requests");
    }),
    rule("40 calls leave no listener on a long-lived signal", async () => {
      const { call } = await start([ok]);
      const { signal } = new AbortController();
      for (let n = 0; n < 40; n++) await call({ signal });
      equal(stage.listeners(signal), 0, "listeners");
    }),
    rule("12 times 503 with 300 kB, then 200, leave at most 2 sockets", async () => {
      const large = { status: 503, body: "x".repeat(300_000) };
      const { server, call } = await start(Array.from({ length: 24 }, (_, n) => (n % 2 === 0 ? large : ok)));
      for (let n = 0; n < 12; n++) equal((await call()).body, "fine", "body");
      await until(() => server.sockets() <= 2);
    }),
    rule("a hint is honoured on every status that is retried", async () => {
      for (const status of [408, 429, 500, 502, 503, 504]) {
        const { server, call } = await start([{ status, headers: { "retry-after-ms": "60" } }, ok], {
          random: () => 0,
        });
        await call();
        between(server.seen[1]!.at - server.seen[0]!.at, 60, 1000, `ms before the second request after ${status}`);
      }
    }),
    rule("25 calls that meet the same 503 come back spread over at least half of the wait", async () => {
      const script = Array.from({ length: 25 }, () => down);
      const { server, call } = await start([...script, ok], { retry: { backoff: fullJitter(constant(400)) } });
      const calls = Array.from({ length: 25 }, (_, n) => call({ headers: { "x-call": String(n) } }));
      await Promise.all(calls);
      // They need not have been sent at the same moment: the waits are what is spread.
      const waits = calls.map((_, n) => {
        const [first, second] = server.seen.filter(({ headers }) => headers["x-call"] === String(n));
        return second === undefined ? 0 : second.at - first!.at;
      });
      between(Math.max(...waits) - Math.min(...waits), 200, 1000, "ms between the shortest and the longest wait");
    }),
    rule("three silent attempts of 300 ms settle at a deadline of 700 ms", async () => {
      const { server, call } = await start([{ instead: "silence" }], { timeouts: { attempt: 300, deadline: 700 } });
      const begin = performance.now();
      const error = await thrown(call());
      between(performance.now() - begin, 600, 760, "ms");
      equal(failureOf(error)?.stopReason, "deadline", "stop reason");
      between(server.seen.length, 2, 3, "requests");
    }),
    rule("an empty budget stops the retries, and the real answer comes out", async () => {
      const { server, call } = await start([down], { budget: createBudget({ capacity: 5 }) });
      const { status, body, attempts } = await call();
      equal(`${status} ${body}`, "503 down", "answer");
      equal(attempts.at(-1)?.stop, "budget", "stop reason");
      equal(server.seen.length, 1, "requests");
    }),
    rule("an error can be written to a log, with no secret of the request in what we add", async () => {
      const { server, call } = await start([{ instead: "reset" }]);
      const headers = { authorization: "Bearer s3cret" };
      const error = await thrown(call({ ...post, url: `${server.url}/jobs?key=s3cret`, headers }));
      const ours = JSON.stringify([failureOf(error)?.attempts, ambiguous(error)]);
      between(ours.length, 2, 16_384, "characters");
      equal(ours.includes("s3cret"), false, "a secret in what we add");
      structuredClone(JSON.parse(JSON.stringify(error)));
    }),
    rule("a URL that cannot be is told at once, and not retried", async () => {
      const events: string[] = [];
      const client = stage.client({ ...quick, onEvent: ({ type }) => events.push(type) });
      equal((await thrown(client({ url: "http://" }))) instanceof Error, true, "an error");
      equal(events.includes("retryScheduled"), false, "a retry");
    }),
  ];
}

/** A POST as an SDK sends it the first time (0) and when it repeats it. */
function repetition(count: number): Partial<ContractCall> {
  return { ...post, headers: { "x-stainless-retry-count": String(count) } };
}

function rule(name: string, run: () => Promise<void>): ContractCase {
  return { name, run };
}

async function keep(stage: ClientStage, wanted: ClientRule): Promise<void> {
  const server = wanted.script === "refused" ? null : await stage.serve(wanted.script);
  const url = server?.url ?? (await stage.refused());
  const client = stage.client({ ...quick, ...wanted.policy });
  const outcome = await client({ url, ...wanted.call }).then(
    (answer) => ({ answer, verdict: answer.verdict, attempts: answer.attempts }),
    (error: unknown) => {
      const failure = failureOf(error);
      if (failure === null) throw error;
      return { answer: null, ...failure };
    },
  );
  const { answer, verdict, attempts } = outcome;
  if (server !== null) equal(server.seen.length, wanted.requests, "requests");
  equal(answer?.status, wanted.status, "status");
  equal(attempts.at(-1)?.stop, wanted.stop, "stop reason");
  if (wanted.stop === "settled") equal(verdict, null, "verdict of a success");
  if (wanted.kind !== undefined) equal(verdict?.kind, wanted.kind, "kind");
  if (wanted.phase !== undefined) equal(verdict?.phase, wanted.phase, "phase");
  if (wanted.retryAfterMs !== undefined) equal(verdict?.retryAfterMs, wanted.retryAfterMs, "hint in ms");
  if (wanted.body !== undefined) equal(answer?.body, wanted.body, "body");
}

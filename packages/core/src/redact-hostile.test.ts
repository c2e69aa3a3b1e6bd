import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { redact } from "./redact.ts";

const numRuns = Number(process.env["FUZZ_RUNS"] ?? 3000);

const secrets = [
  `sk-proj-${"AbC1".repeat(8)}`,
  `sk-ant-api03-${"xY9_".repeat(8)}`,
  `xoxp-${"12345-".repeat(3)}abcdef`,
  `AKIA${"ABCD2345".repeat(2)}`,
  `glpat-${"q1W2".repeat(5)}`,
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl",
  "ee997467832e008dbe74b72ddc44ee893499b1f7126abfb37ccc28fe4705ddb9",
  "jane.doe@acme.example",
  "10.0.3.17",
  "fd12:3456:789a::1",
  "vault.prod.internal",
  "org-Ab12Cd34Ef56",
  "arn:aws:iam::123456789012:role/gateway",
  "/srv/app/secret-place.js",
];

describe("no secret survives", () => {
  test.each([
    ["in prose", (secret: string) => `Refused: ${secret}. Try again.`],
    ["in JSON", (secret: string) => JSON.stringify({ error: { message: secret, code: 1 } })],
    ["in JSON inside JSON", (secret: string) => JSON.stringify({ message: JSON.stringify({ detail: secret }) })],
    ["in a Python repr", (secret: string) => `{'detail': '${secret}', 'n': b'${secret}'}`],
    ["in a header", (secret: string) => `x-upstream: ${secret}\r\nx-next: 1`],
    ["in brackets and tags", (secret: string) => `[${secret}] (${secret}) <a>${secret}</a> \`${secret}\``],
    ["in a list", (secret: string) => `${secret},${secret};${secret}|${secret}`],
    ["in a stack", (secret: string) => `Error: ${secret}\n    at run (${secret}:1:2)\n    at ${secret} (native)`],
    ["among control characters", (secret: string) => `\u001B[1m${secret.slice(0, 5)}\u200B${secret.slice(5)}\u0000`],
  ])("%s", (_, wrap) => {
    for (const secret of secrets) expect(redact(wrap(secret))).not.toContain(secret);
  });

  test.each(["hunter2", "two words", "päss'wörd", "(odd)", "a.b,c"])("as the quoted value of a label: %s", (secret) => {
    for (const label of ["password", "x-api-key", "client_secret", "accessToken", "Authorization", "Set-Cookie"]) {
      const json = JSON.stringify({ [label]: secret });
      expect(redact(json)).not.toContain(secret);
      expect(redact(JSON.stringify(json))).not.toContain(secret);
    }
  });

  test("where the input is cut", () => {
    for (let shift = 0; shift < 60; shift++) {
      const text = `${"[x] ".repeat(16_384).slice(shift)}${secrets[0]}`;
      expect(redact(text, { maxLength: 65_536 })).not.toMatch(/sk-/);
    }
  });
});

describe("length", () => {
  test("2000 characters unless told otherwise, the last one an ellipsis", () => {
    const text = redact("ab ".repeat(1000));
    expect(text).toHaveLength(2000);
    expect(text.endsWith("b a…")).toBe(true);
    expect(redact("a".repeat(2000))).toBe("a".repeat(2000));
  });

  test.each([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 5, "abcd…"],
    ["abcdef", 1, "…"],
    ["abcd…", 5, "abcd…"],
    ["abcd…", 4, "abc…"],
    ["ab😀😀", 4, "ab…"],
    ["ab😀😀", 5, "ab😀…"],
    ["mail a@b.cc", 9, "mail …"],
    ["mail a@b.cc", 12, "mail [email]"],
    ["x password=hunter2", 14, "x password=…"],
  ])("%s in %i", (text, maxLength, expected) => {
    expect(redact(text, { maxLength })).toBe(expected);
    expect(redact(expected, { maxLength })).toBe(expected);
  });

  test.each([0, -1, Number.NaN, undefined])("maxLength %s counts as 2000", (maxLength) => {
    expect(redact("a".repeat(3000), { maxLength })).toHaveLength(2000);
  });

  test("64 KiB at most", () => {
    expect(redact("a ".repeat(99_999), { maxLength: Infinity }).length).toBeLessThanOrEqual(65_536);
  });
});

describe("anything goes in", () => {
  test.each<[string, unknown, string]>([
    ["null", null, ""],
    ["undefined", undefined, ""],
    ["a number", 429, "429"],
    ["an array", ["a", "b@c.dd"], "a,[email]"],
    ["a symbol", Symbol("x"), "Symbol(x)"],
    ["an object without a prototype", Object.create(null), ""],
    ["a revoked proxy", revoked(), ""],
    ["a lone surrogate", "a\uD800", "a\uD800"],
  ])("%s", (_, input, expected) => {
    expect(redact(input as string)).toBe(expected);
  });

  test("options that throw", () => {
    expect(redact("x", revoked() as object)).toBe("");
    expect(redact("x", null as never)).toBe("x");
  });
});

// Pieces that mean something to some rule, so that random texts hit the rules and their edges.
const pieces = [
  "=¦:¦@¦/¦-¦.¦\"¦'¦`¦\\¦(¦)¦[¦]¦<¦>¦…¦*¦ ¦\n¦a¦Z¦9¦f¦1",
  "sk-¦sk-1¦xoxb-¦AKIA¦eyJ¦Bearer a1¦basic ¦password¦token=¦cookie: ¦authorization: ¦secret ¦api key¦****",
  "://¦https://u:p@h¦a@b.cc¦10.0.0.1¦:80¦::1¦fd00::¦x.internal¦svc¦ENOTFOUND ¦localhost¦.js:1¦file://¦C:\\",
  "org-a12345¦organization `¦team ¦account 1¦projects/¦project ¦arn:aws:¦/srv/¦at x (¦x.js:1:2)¦request id ¦req_",
  "0123456789abcdef¦0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0¦\u001B[¦\uD83D¦\uDE00¦\u200B¦[key]¦[secret]¦[host]¦gpt-4o",
].flatMap((line) => line.split("¦"));
const texts = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 200 }),
);
const options = fc.record({ maxLength: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 80 })) });

describe("whatever the text", () => {
  test("redacting twice changes nothing, the length is kept, control characters are gone", () => {
    fc.assert(
      fc.property(texts, options, (text, some) => {
        const once = redact(text, some);
        expect(redact(once, some)).toBe(once);
        expect(once.length).toBeLessThanOrEqual(some.maxLength ?? 2000);
        expect(once).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns },
    );
  });

  test("any value is taken", () => {
    fc.assert(
      fc.property(fc.anything({ withProxy: true, withNullPrototype: true } as object), (value) => {
        expect(typeof redact(value as string)).toBe("string");
      }),
      { numRuns },
    );
  });

  test("a text made to take many rounds is given up", () => {
    expect(redact("::1".repeat(9000))).toBe("…");
  });

  // A quadratic pattern takes 16 times as long for 4 times the text, and seconds where a linear one takes milliseconds.
  test.each([
    ...pieces,
    "a.",
    "a@",
    "a@a.",
    "http://",
    "-----BEGIN A",
    "eyJaaaaaaaa.",
    "a1",
    "a/",
    "at a ",
    'token="',
    "arn:aws",
  ])("time grows with the length: %j", (piece) => {
    const time = (length: number): number => {
      const text = piece.repeat(length / piece.length);
      let best = Infinity;
      for (let run = 0; run < 4; run++) {
        const start = performance.now();
        redact(text, { maxLength: 65_536 });
        best = Math.min(best, performance.now() - start);
      }
      return best;
    };
    // A busy machine may hold up one measurement; a quadratic pattern fails all three.
    const grows = (): boolean => time(65_536) < 8 * time(16_384) + 10;
    expect(grows() || grows() || grows()).toBe(true);
  });
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

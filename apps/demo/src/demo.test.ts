import { describe, expect, test } from "vitest";
import { succeed } from "./acts.ts";
import { demo } from "./demo.ts";
import { Interruption } from "./interruption.ts";
import { oneCall, type Scenario } from "./scenario.ts";

const fine: Scenario = {
  name: "fine",
  title: "nothing fails",
  run: oneCall([succeed], { path: "/" }),
  expected: { attempts: "200", waits: null, verdict: "-", evidence: "-", outcome: "200", stop: "settled", note: "" },
};
const wrong: Scenario = { ...fine, name: "wrong", expected: { ...fine.expected, attempts: "429 → 200" } };
const broken: Scenario = { ...fine, name: "broken", run: () => Promise.reject(new Error("boom")) };
const endless: Scenario = { ...fine, name: "endless", run: () => new Promise(() => {}) };

async function run(
  scenarios: readonly Scenario[],
  args: readonly string[] = [],
  signal = new AbortController().signal,
) {
  let [out, err] = ["", ""];
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text) };
  const exitCode = await demo(args, { scenarios, stdout, stderr, env: {}, signal });
  return { exitCode, out, err };
}

describe("the demo", () => {
  test("ends with 0 when everything came out as expected", async () => {
    const { exitCode, out, err } = await run([fine]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^✓ fine +200 +- +200$/m);
    expect(err).toMatch(/^✓ fine \(0\.\d s\)\n$/);
  });

  test("ends with 1 and says what is wrong when a scenario came out otherwise", async () => {
    const { exitCode, out, err } = await run([fine, wrong]);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^✗ wrong +200 +- +200$/m);
    expect(out.replace(/\s+/g, " ")).toContain('attempts: expected "429 → 200", got "200"');
    expect(err).toMatch(/1 of 2 scenarios did not end as expected\n$/);
  });

  test("ends with 1 when a scenario breaks, and shows the others", async () => {
    const { exitCode, out } = await run([broken, fine]);
    expect(exitCode).toBe(1);
    expect(out).toContain("broke: Error: boom");
    expect(out).toMatch(/^✓ fine/m);
  });

  test("ends with 2 and a hint for a wrong option", async () => {
    expect(await run([fine], ["--scenario", "nope"])).toEqual({
      exitCode: 2,
      out: "",
      err: 'there is no scenario "nope", there are fine\n--help says what there is\n',
    });
  });

  test("lists its scenarios", async () => {
    expect((await run([fine, endless], ["--list"])).out).toBe("fine     nothing fails\nendless  nothing fails\n");
  });

  test("says what it can do", async () => {
    expect((await run([fine], ["--help"])).out).toMatch(/^usage: pnpm demo \[options\]\n/);
  });

  test("plays what it is asked to play, and writes one JSON object for each", async () => {
    const { exitCode, out } = await run([fine, wrong], ["--json", "--scenario", "wrong"]);
    expect(exitCode).toBe(1);
    expect(out.split("\n").length).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      scenario: "wrong",
      passed: false,
      differences: [{ column: "attempts", expected: "429 → 200", got: "200" }],
      got: { attempts: "200", waits: [], outcome: "200" },
      call: { method: "GET", path: "/wrong/", status: 200, attempts: [{ number: 1, status: 200 }], error: null },
    });
  });

  test("is ended by its signal, with the signal's reason", async () => {
    const controller = new AbortController();
    const running = run([endless], [], controller.signal);
    controller.abort(new Interruption("interrupted", 130));
    await expect(running).rejects.toThrow("interrupted");
  });
});

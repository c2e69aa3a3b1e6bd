import axios, { type AxiosInstance } from "axios";
import { beforeEach, describe, expect, test } from "vitest";
import type { AxiosPolicy } from "./policy.ts";
import { resilient } from "./resilient.ts";
import { quick, useServers } from "@failwell/lab/vitest";
import { adapters } from "./testing/adapters.fixture.ts";
import { broken, ended, type Ordinary, settled } from "./testing/ordinary.fixture.ts";
import { ordinary, outcome, sent } from "./testing/recorder.fixture.ts";
import type { TestServer } from "@failwell/lab";

const { start } = useServers();
let server: TestServer;
beforeEach(async () => {
  server = await start(ordinary);
});

/** What the server saw, and what the caller got. */
async function observe(
  { call }: Ordinary,
  adapter: string,
  policy?: AxiosPolicy,
): Promise<{ seen: unknown[]; got: object }> {
  const bare = axios.create({ adapter });
  const api: AxiosInstance = policy === undefined ? bare : resilient(bare, policy);
  const before = server.seen.length;
  const got = (await outcome(call(api, server.url, adapter))) as object;
  return { seen: server.seen.slice(before).map(sent), got };
}

describe.each(adapters)("the %s adapter", (adapter) => {
  const of = (cases: readonly Ordinary[]): readonly Ordinary[] =>
    cases.filter(({ only }) => only === undefined || only === adapter);

  test.each(of([...settled, ...broken, ...ended]))("does with profile none what axios does: $name", async (each) => {
    const expected = await observe(each, adapter);
    const actual = await observe(each, adapter, { profile: "none" });
    // The reason of an abort is the cause, which axios loses.
    if (ended.includes(each))
      Object.assign(expected.got, "cause" in expected.got && { cause: (actual.got as { cause: unknown }).cause });
    expect(actual).toEqual(expected);
  });

  test.each(of(settled))("does with the standard profile what axios does: $name", async (each) => {
    expect(await observe(each, adapter, quick)).toEqual(await observe(each, adapter));
  });

  test.each(of(broken))(
    "sends the same again with the standard profile, and throws what axios throws: $name",
    async (each) => {
      const expected = await observe(each, adapter);
      const actual = await observe(each, adapter, quick);
      const [first] = expected.seen;
      for (const request of actual.seen) expect(request).toEqual(first);
      expect({ ...actual.got, cause: null }).toEqual({ ...expected.got, cause: null });
    },
  );
});

import { describe, expect, test } from "vitest";
import { builtIn, isLiftable, isRefusal, Unlimited } from "./dispatcher.ts";

/** Keeps what a transport is told. */
function progress() {
  const told: string[] = [];
  const tell = (what: string) => (): void => void told.push(what);
  return {
    told,
    connecting: tell("connecting"),
    connected: tell("connected"),
    answered: tell("answered"),
    received: tell("received"),
  };
}

/** A dispatcher that calls what a handler offers, as undici does. */
function dispatcher(calls: readonly (readonly [name: string, ...values: unknown[]])[]) {
  const options: object[] = [];
  return {
    options,
    isMockActive: true,
    dispatch(given: object, handler: object): boolean {
      options.push(given);
      const named = handler as Record<string, ((...values: unknown[]) => unknown) | undefined>;
      for (const [name, ...values] of calls) named[name]?.(...values);
      return true;
    },
  };
}

describe("a dispatcher without limits", () => {
  test.each([
    ["undici 6", "onConnect", "onHeaders", [200, []], "onData"],
    ["undici 7 and later", "onRequestStart", "onResponseStart", [{}, 200, {}], "onResponseData"],
  ] as const)("lifts both limits, and tells how far a request got: %s", (_version, sent, answered, head, data) => {
    const own = dispatcher([[sent], [answered, ...head], [data, "chunk"]]);
    const { told, ...port } = progress();
    const seen: unknown[] = [];
    const handler = {
      [sent]: () => {},
      [answered]: (...values: unknown[]) => seen.push(values.slice(0, head.length)),
      [data]: () => true,
    };
    expect(new Unlimited(port, own, true).dispatch({ path: "/", headersTimeout: 5 }, handler)).toBe(true);
    expect(own.options).toEqual([{ path: "/", headersTimeout: 0, bodyTimeout: 0 }]);
    expect(told).toEqual(["connecting", "connected", "answered", "received"]);
    expect(seen).toEqual([head]);
  });

  test("takes neither an interim answer nor a redirect for the answer", () => {
    const own = dispatcher([
      ["onHeaders", 103, []],
      ["onHeaders", 307, []],
      ["onHeaders", 503, []],
    ]);
    const { told, ...port } = progress();
    new Unlimited(port, own, true).dispatch({}, { onHeaders: () => true });
    expect(told).toEqual(["connecting", "answered"]);
  });

  test("says nothing of headers to whoever gets the response itself", () => {
    const own = dispatcher([["onHeaders", 200, []]]);
    const { told, ...port } = progress();
    new Unlimited(port, own).dispatch({}, { onHeaders: () => true });
    expect(told).toEqual(["connecting"]);
  });

  test("is a mock where the caller's own is one", () => {
    const { told: _, ...port } = progress();
    expect(new Unlimited(port, dispatcher([])).isMockActive).toBe(true);
  });
});

describe("the dispatcher of the platform", () => {
  const one = dispatcher([]);
  const two = dispatcher([]);
  const scope = (undici: string | undefined) =>
    ({
      [Symbol.for("undici.globalDispatcher.1")]: one,
      [Symbol.for("undici.globalDispatcher.2")]: two,
      process: { versions: { undici } },
    }) as never;

  test("is the one of the generation of the built-in fetch", () => {
    expect(builtIn(scope("6.28.0"))).toBe(one);
    expect(builtIn(scope("7.29.0"))).toBe(one);
    expect(builtIn(scope("8.10.0"))).toBe(two);
  });

  test("is not there where there is no undici", () => {
    expect(builtIn({})).toBeUndefined();
  });

  test("is there on Node", () => {
    expect(isLiftable()).toBe(true);
  });
});

test("a refusal of a foreign copy of undici is told from other failures", () => {
  const cause = (code: string, message: string) => new TypeError("fetch failed", { cause: { code, message } });
  expect(isRefusal(cause("UND_ERR_INVALID_ARG", "invalid onRequestStart method"))).toBe(true);
  expect(isRefusal(cause("UND_ERR_INVALID_ARG", "invalid path"))).toBe(false);
  expect(isRefusal(cause("ECONNREFUSED", ""))).toBe(false);
  expect(isRefusal(null)).toBe(false);
});

import { resilient as resilientAxios } from "@failwell/axios";
import { constant } from "@failwell/core";
import { type FetchPolicy, resilient } from "@failwell/fetch";
import { resilient as resilientKy } from "@failwell/ky";
import { create } from "axios";
import ky from "ky";
import { type Client, initOf, jsonOf, type Open, type Settings } from "./client.ts";
import { callOf } from "./peers/axios.ts";

/** The default policy, and what a scenario asks of every client. */
function policyOf({ timeout, wait }: Settings): Pick<FetchPolicy, "retry" | "timeouts"> {
  return {
    ...(timeout !== undefined && { timeouts: { attempt: timeout } }),
    ...(wait !== undefined && { retry: { backoff: constant(wait) } }),
  };
}

const openFetch: Open = (settings) => {
  const client = resilient(undefined, policyOf(settings));
  // The body is read at once anyway: so a cut one is a failure of the attempt.
  return async (ask) => jsonOf(await client(settings.base + ask.path, { ...initOf(ask), whole: true }));
};

const openKy: Open = (settings) => {
  const client = resilientKy(ky, policyOf(settings));
  return ({ method, path, json, signal }) =>
    client(settings.base + path, { method, ...(json && { json }), ...(signal && { signal }) }).json();
};

function openAxios(adapter: "http" | "fetch"): Open {
  return (settings) => callOf(resilientAxios(create({ baseURL: settings.base, adapter }), policyOf(settings)));
}

/** Ours, all with the default policy. */
export const ours: readonly Client[] = [
  {
    name: "failwell fetch",
    setUp: "`resilient()`, called with `whole: true`; attempt timeout: `timeouts.attempt`",
    load: async () => openFetch,
  },
  { name: "failwell ky", setUp: "`resilient(ky)`; attempt timeout: `timeouts.attempt`", load: async () => openKy },
  {
    name: "failwell axios (http)",
    setUp: "`resilient(axios.create())`; attempt timeout: `timeouts.attempt`",
    load: async () => openAxios("http"),
  },
  {
    name: "failwell axios (fetch)",
    setUp: '`resilient(axios.create({ adapter: "fetch" }))`; attempt timeout: `timeouts.attempt`',
    load: async () => openAxios("fetch"),
  },
];

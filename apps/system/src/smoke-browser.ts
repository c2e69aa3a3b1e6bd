/** The published types in a project without Node's. Only type-checked: with the library of a browser and nothing else. */
import { resilient as resilientAxios } from "@failwell/axios";
import { attemptsOf, resilient } from "@failwell/fetch";
import { resilient as resilientKy } from "@failwell/ky";
import { resolve, type Verdict } from "@failwell/core";
import { seededRandom } from "@failwell/core/testing";

const send: typeof fetch = resilient(fetch, { random: seededRandom(1) });

export const api = resilientKy();
export const instance = resilientAxios();

export async function load(url: URL): Promise<{ readonly attempts: number; readonly verdict: Verdict | null }> {
  const response = await send(url);
  const { status, headers } = response;
  return { attempts: attemptsOf(response).length, verdict: resolve({ status, headers, body: await response.text() }) };
}

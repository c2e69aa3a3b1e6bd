import { bytesOf, openBody, peek, resolve, type Resolve, systemClock, type Verdict } from "@failwell/core";

const verdicts: WeakMap<Response, Verdict | null> = /* @__PURE__ */ new WeakMap();

/** Remembers what a response was found to mean. */
export function keepVerdict(response: Response, verdict: Verdict | null): void {
  verdicts.set(response, verdict);
}

/** The verdict that came with a response; `undefined` when nobody asked yet. */
export function knownVerdict(response: Response): Verdict | null | undefined {
  return verdicts.get(response);
}

/**
 * The verdict on a response, whoever fetched it; `null` when it is no error. The response stays readable: at most 64 KiB of
 * a clone are read, for at most 1 s.
 *
 * An error inside a 200 is found too, so do not ask about a stream that you are about to forward.
 *
 * @throws {TypeError} the body was read already
 */
export async function verdictOf(response: Response, using: Resolve = resolve): Promise<Verdict | null> {
  const known = verdicts.get(response);
  if (known !== undefined) return known;
  const { status, headers } = response;
  const twin = response.body === null ? null : response.clone().body;
  if (twin === null) return using({ status, headers });
  const peeked = openBody(twin);
  await peek(peeked, systemClock);
  // The rest is for the owner of the response: a clone that nobody reads would hold it in memory.
  peeked.reader.cancel().catch(() => {});
  return using({ status, headers, body: bytesOf(peeked) });
}

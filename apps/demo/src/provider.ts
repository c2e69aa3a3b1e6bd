import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Clock } from "@failwell/core";
import { Ledger } from "./ledger.ts";

/** What a provider does with one request. */
export type Act = (exchange: Exchange) => void;

/** One request at the provider, read to its end, and the answer that is to be given. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly sighting: Sighting;
}

/** What a provider saw of one request. */
export interface Sighting {
  readonly method: string;
  readonly path: string;
  readonly arrivedMs: number;
  /** The status sent; 499 when the client left first; a word when the connection was broken on purpose; `null`: still open. */
  outcome: number | string | null;
}

/** One provider: what it does with its first request, its second one and so on, and what it saw. */
export interface Corner {
  /** The origin and the path that everything of this provider begins with. */
  readonly url: string;
  readonly sightings: readonly Sighting[];
  readonly ledger: Ledger;
  /** Resolves when no request is open. */
  quiet(): Promise<void>;
}

/** The HTTP server on which all providers live. */
export interface Provider {
  readonly origin: string;
  /** Opens a provider; its last act is repeated. */
  corner(name: string, acts: readonly Act[]): Corner;
  /** Opens one whose address refuses connections until `listen` is called. */
  closedCorner(name: string, acts: readonly Act[]): Promise<Corner & { listen(): void }>;
  close(): Promise<void>;
}

/** Starts a real HTTP server on a free port of 127.0.0.1. */
export async function startProvider(clock: Clock): Promise<Provider> {
  const corners = new Map<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>();
  const servers: Server[] = [];

  function server(): Server {
    const one = createServer((request, response) => {
      const name = request.url!.split("/")[1]!;
      const serve = corners.get(name);
      if (serve === undefined) return void response.writeHead(404).end();
      // A client that leaves while it sends is no fault of the server.
      serve(request, response).catch(() => response.destroy());
    });
    servers.push(one);
    return one;
  }

  async function freePort(): Promise<number> {
    const one = createServer().listen(0, "127.0.0.1");
    await event(one, "listening");
    const { port } = one.address() as AddressInfo;
    one.close();
    await event(one, "close");
    return port;
  }

  function open(origin: string, name: string, acts: readonly Act[]): Corner {
    const sightings: Sighting[] = [];
    const ledger = new Ledger();
    const running = new Set<Promise<void>>();
    corners.set(name, async (request, response) => {
      const { method = "", url = "" } = request;
      const sighting: Sighting = { method, path: url.slice(name.length + 1), arrivedMs: clock.now(), outcome: null };
      const act = acts[sightings.length] ?? acts.at(-1)!;
      sightings.push(sighting);
      const over = event(response, "close").then(() => {
        sighting.outcome ??= response.writableFinished ? response.statusCode : 499;
        running.delete(over);
      });
      running.add(over);
      await text(request);
      act({ request, response, clock, ledger, sighting });
    });
    return {
      url: `${origin}/${name}`,
      sightings,
      ledger,
      async quiet() {
        await Promise.all(running);
      },
    };
  }

  const main = server().listen(0, "127.0.0.1");
  await event(main, "listening");
  const origin = `http://127.0.0.1:${(main.address() as AddressInfo).port}`;
  return {
    origin,
    corner: (name, acts) => open(origin, name, acts),
    async closedCorner(name, acts) {
      const later = await freePort();
      return Object.assign(open(`http://127.0.0.1:${later}`, name, acts), {
        listen: () => void server().listen(later, "127.0.0.1"),
      });
    },
    async close() {
      const closed = servers.filter((one) => one.listening).map((one) => event(one, "close"));
      for (const one of servers) {
        one.close();
        one.closeAllConnections();
      }
      await Promise.all(closed);
    },
  };
}

function event(emitter: NodeJS.EventEmitter, name: string): Promise<void> {
  return new Promise((resolve) => emitter.once(name, () => resolve()));
}

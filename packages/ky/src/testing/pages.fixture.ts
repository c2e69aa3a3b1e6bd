import type { Handler } from "@failwell/lab";

/** A server with answers of every kind, by the path. */
export const handle: Handler = (request, response) => {
  const [page = "", more = ""] = request.url!.split("?")[0]!.split("/").slice(1);
  if (page in pages) return pages[page]!(response);
  if (page === "go") return response.writeHead(Number(more), { location: "/landed" }).end();
  const status = /^\d{3}$/.test(page) ? Number(page) : 200;
  response.writeHead(status, { "content-type": "text/plain" });
  response.end(status === 304 || status < 200 || status === 204 || status === 205 ? undefined : `answer ${status}`);
};

const pages: Record<string, (response: Parameters<Handler>[1]) => unknown> = {
  json: (response) =>
    response
      .writeHead(200, { "content-type": "application/json", "x-one": "1", "set-cookie": ["a=1", "b=2"] })
      .end('{"some":"json","é":1}'),
  plain: (response) => response.end("plain"),
  form: (response) => response.writeHead(200, { "content-type": "application/x-www-form-urlencoded" }).end("a=1&b=2"),
  pieces: (response) => response.write("one", () => response.write("two", () => response.end("three"))),
  endless: (response) => response.write("begin"),
  silence: () => {},
  close: (response) => response.destroy(),
  cut: (response) => response.writeHead(200, { "content-length": "100" }).write("begin", () => response.destroy()),
  problem: (response) =>
    response.writeHead(422, { "content-type": "application/problem+json" }).end('{"title":"no","detail":"not so"}'),
  ring: (response) => response.writeHead(302, { location: "/ring" }).end(),
};

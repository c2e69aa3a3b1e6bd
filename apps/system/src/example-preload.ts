/**
 * Loaded before an example: what it sends to https://api.example.com goes to the server of the test instead, through
 * Node's own fetch.
 */
const origin = process.env["EXAMPLE_ORIGIN"];
const real = globalThis.fetch;

globalThis.fetch = (input, init) => {
  if (input instanceof Request) return real(new Request(moved(input.url), input), init);
  return real(moved(input instanceof URL ? input.href : input), init);
};

function moved(url: string): string {
  return origin === undefined ? url : url.replace(/^https:\/\/api\.example\.com(?=\/|$)/, origin);
}

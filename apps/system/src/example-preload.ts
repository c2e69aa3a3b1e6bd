/**
 * Loaded before an example: what it sends to https://api.example.com goes to the server of the test instead, through
 * Node's own fetch or its http module.
 */
import http, { type RequestOptions } from "node:http";
import https from "node:https";

const host = "api.example.com";
const origin = process.env["EXAMPLE_ORIGIN"];
const realFetch = globalThis.fetch;

globalThis.fetch = (input, init) => {
  if (input instanceof Request) return realFetch(new Request(moved(input.url), input), init);
  return realFetch(moved(input instanceof URL ? input.href : input), init);
};

function moved(url: string): string {
  return origin !== undefined && URL.canParse(url) && new URL(url).host === host
    ? url.replace(/^https:\/\/[^/]+/, origin)
    : url;
}

const realRequest = https.request as (options: RequestOptions, answer?: () => void) => http.ClientRequest;
https.request = ((options: RequestOptions, answer?: () => void) => {
  if (origin === undefined || options.hostname !== host) return realRequest(options, answer);
  const { hostname, port } = new URL(origin);
  const { agent: _, host: __, ...rest } = options;
  return http.request({ ...rest, protocol: "http:", hostname, port }, answer);
}) as typeof https.request;

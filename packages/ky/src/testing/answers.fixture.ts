import { type Case, stream } from "./case.fixture.ts";

/** What comes back. */
export const received: readonly Case[] = [
  ...(["text", "json", "arrayBuffer", "blob", "bytes"] as const).map((type): Case => ({
    name: `.${type}()`,
    call: (api, url) => api(`${url}/json`)[type](),
  })),
  { name: ".formData()", call: async (api, url) => [...(await api(`${url}/form`).formData()).entries()] },
  {
    name: ".json() with an accept of one's own",
    call: (api, url) => api(`${url}/json`, { headers: { accept: "application/x" } }).json(),
  },
  { name: ".json() of what is no JSON", fails: true, call: (api, url) => api(`${url}/plain`).json() },
  { name: ".json() of nothing", fails: true, call: (api, url) => api(`${url}/204`).json() },
  {
    name: ".json() by a function",
    options: () => ({ parseJson: (body) => ({ parsed: body }) }),
    call: (api, url) => api(`${url}/json`).json(),
  },
  {
    name: ".json() of the response by a function",
    options: () => ({ parseJson: (body) => ({ parsed: body }) }),
    call: async (api, url) => (await api(`${url}/json`)).json(),
  },
  {
    name: "a shortcut that comes late",
    call: async (api, url) => {
      const promise = api(`${url}/json`);
      await promise;
      return promise.json();
    },
  },
  {
    name: "a response that is read twice",
    fails: true,
    call: async (api, url) => {
      const response = await api(`${url}/json`);
      await response.text();
      return response.text();
    },
  },
  {
    name: "a clone and its origin",
    call: async (api, url) => {
      const response = await api(`${url}/json`);
      return [await response.clone().json(), response.bodyUsed, await response.json(), response.bodyUsed];
    },
  },
  {
    name: "a stream, piece by piece",
    call: async (api, url) => {
      const pieces: string[] = [];
      const response = await api(`${url}/pieces`);
      for await (const piece of response.body!) pieces.push(Buffer.from(piece).toString());
      return pieces.join("");
    },
  },
  {
    name: "a stream that is left",
    call: async (api, url) => {
      const response = await api(`${url}/endless`);
      const reader = response.body!.getReader();
      await reader.read();
      return reader.cancel();
    },
  },
  {
    name: "a download that is watched",
    call: async (api, url) => {
      const seen: unknown[] = [];
      const body = await api(`${url}/json`, {
        onDownloadProgress: ({ percent, totalBytes }) => seen.push([percent, totalBytes]),
      }).text();
      return [body, seen];
    },
  },
  ...[200, 201, 204, 205, 206].map((status): Case => ({
    name: `${status}`,
    call: (api, url) => api(`${url}/${status}`),
  })),
  ...[301, 302, 303, 307, 308].map((status): Case => ({
    name: `a redirect by ${status}`,
    call: (api, url) => api(`${url}/go/${status}`),
  })),
  ...[301, 303, 307, 308].map((status): Case => ({
    name: `a POST and a redirect by ${status}`,
    call: (api, url) => api.post(`${url}/go/${status}`, { json: { a: 1 } }),
  })),
  {
    name: "a redirect that is not followed",
    call: (api, url) => api(`${url}/go/302`, { redirect: "manual", throwHttpErrors: false }),
  },
  { name: "a redirect that is refused", fails: true, call: (api, url) => api(`${url}/go/302`, { redirect: "error" }) },
  { name: "redirects in a ring", fails: true, call: (api, url) => api(`${url}/ring`) },
  { name: "a stream and a redirect", fails: true, call: (api, url) => api.put(`${url}/go/307`, { body: stream("s") }) },
];

import type { Reader } from "../resolve/reading.ts";

/** Reads HTML pages, XML errors (S3, RFC 9457, SOAP), and redirects to a sign-in. */
export const markup: Reader = {
  open(reading) {
    const { status, text, format } = reading;
    const isError = status >= 400;
    const location = !isError && status >= 300 && format !== "json" && reading.headers.get("location");
    if (location && /log-?in|sign-?in|sso|saml|oauth|\bauth/i.test(location)) {
      reading.part = {};
      reading.otherwise = { kind: "authentication", evidence: "header location" };
    }
    if (format !== "markup") return;
    const head = text.slice(0, 2048);
    if (/<(?:!doctype html|html)\b/i.test(head) || /^(?!<\?xml).*<(?:title|h1)\b/is.test(head)) {
      reading.format = "html";
      reading.gateway = true;
      reading.message = pageMessage(text);
      // An API answers a call in HTML only when something else answered for it.
      if (
        isError ||
        (status < 300 && /^(?:sign|log) ?in\b|\blogin$|wi-?fi|captive|^just a moment/i.test(reading.message ?? ""))
      ) {
        reading.part = {};
      }
    } else {
      reading.format = "xml";
      if (isError || /<Error[ >]/.test(head)) reading.part = xmlError(text);
    }
  },
};

/** What a page says to people: its title, the text of a bare Express page, or its first heading. */
function pageMessage(html: string): string | null {
  const [title, heading, pre] = ["title", "h1", "pre"].map((name) => element(html.toLowerCase(), name, html));
  return (title === "Error" ? pre : title) ?? title ?? heading ?? null;
}

/** The fields of an XML error under the names that their JSON forms have. */
function xmlError(text: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const pair of "Code:code Message:message RequestId:request_id type:type title:title detail:detail faultcode:code faultstring:message".split(
    " ",
  )) {
    const [tag = "", key = ""] = pair.split(":");
    const found = element(text, tag);
    if (found !== undefined) fields[key] ??= found;
  }
  return fields;
}

/** The text inside the first element of a name, without tags and with the usual entities read. */
function element(searched: string, name: string, text: string = searched): string | undefined {
  const open = `<${name}`;
  for (let from = searched.indexOf(open); from >= 0; from = searched.indexOf(open, from + 1)) {
    if (!/[> ]/.test(searched[from + open.length] ?? "")) continue;
    const start = searched.indexOf(">", from) + 1;
    const end = searched.indexOf(`</${name}`, start);
    return start === 0 || end < 0 ? undefined : plain(text.slice(start, Math.min(end, start + 2048)));
  }
  return undefined;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function plain(text: string): string | undefined {
  const bare = text
    .replace(/<[^<>]*>/g, "")
    .replace(/&(?:#(\d{1,6})|(amp|lt|gt|quot|apos|nbsp));/g, (_, code?: string, name?: string) =>
      name === undefined ? String.fromCharCode(Number(code)) : entities[name]!,
    )
    .trim();
  return bare || undefined;
}

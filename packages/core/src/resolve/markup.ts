/** What an HTML page says to people: its title, the text of a bare Express page, or its first heading. */
export function pageMessage(html: string): string | null {
  const lower = html.toLowerCase();
  const title = element(html, lower, "title");
  return (title === "Error" ? element(html, lower, "pre") : title) ?? title ?? element(html, lower, "h1");
}

/** The fields of an XML error (S3, RFC 9457, SOAP) under the names their JSON forms have. */
export function xmlError(xml: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag, key] of [
    ["Code", "code"],
    ["Message", "message"],
    ["RequestId", "request_id"],
    ["type", "type"],
    ["title", "title"],
    ["detail", "detail"],
    ["faultcode", "code"],
    ["faultstring", "message"],
  ] as const) {
    const text = element(xml, xml, tag);
    if (text !== null) fields[key] ??= text;
  }
  return fields;
}

/** The text inside the first element of a name, without tags and with the usual entities read. */
function element(text: string, searched: string, name: string): string | null {
  const open = `<${name}`;
  for (let from = searched.indexOf(open); from >= 0; from = searched.indexOf(open, from + 1)) {
    const after = searched[from + open.length];
    if (after !== ">" && after !== " ") continue;
    const start = searched.indexOf(">", from) + 1;
    const end = searched.indexOf(`</${name}`, start);
    if (start === 0 || end < 0) return null;
    return plain(text.slice(start, Math.min(end, start + 2048)));
  }
  return null;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function plain(text: string): string | null {
  const bare = text
    .replace(/<[^<>]*>/g, "")
    .replace(/&(?:#(\d{1,6})|(amp|lt|gt|quot|apos|nbsp));/g, (_, code?: string, name?: string) =>
      name === undefined ? String.fromCharCode(Number(code)) : entities[name]!,
    )
    .trim();
  return bare === "" ? null : bare;
}

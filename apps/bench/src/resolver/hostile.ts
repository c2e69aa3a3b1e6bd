const size = 65_536;

function filled(unit: string): string {
  return unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
}

function nested(message: string): string {
  return JSON.stringify({ error: { message } });
}

/** Bodies of 64 KiB made to cost as much as they can, by what is nasty about them. */
export const hostile: Readonly<Record<string, string>> = {
  "open brackets": filled("["),
  "open braces": filled('{"a":'),
  "deep and closed": "[".repeat(size / 2) + "]".repeat(size / 2),
  "deep errors": '{"error":'.repeat(6500) + "1" + "}".repeat(6500),
  "many keys": `{${Array.from({ length: 5000 }, (_, index) => `"k${index}":1`).join(",")}}`,
  "many errors": `{"errors":[${filled('{"message":"m","code":"c"},')
    .slice(0, -28)
    .replace(/,[^,]*$/, "")}]}`,
  "huge string": `{"error":{"message":"${filled("a").slice(30)}"}}`,
  "huge quoted": `"${filled("\\u0041").slice(0, size - 8)}"`,
  "json in json in json": nested(nested(nested(filled("x").slice(500)))),
  "json in json escaped": nested(nested(filled("\\").slice(size - 8000))),
  "truncated json": `{"error":{"message":"${filled("x")}`,
  "many documents": filled('{"error":{"code":"x"}}'),
  "many braces": filled("{"),
  "braces and quotes": filled('{"'),
  "html soup": "<html>" + filled("<title <h1 <pre "),
  "html entities": "<html><title>" + filled("&#38;&amp;") + "</title>",
  "unclosed tags": filled("<"),
  "xml codes": "<?xml?>" + filled("<Code>"),
  "event lines": filled("data: x\n"),
  "event json": filled('data: {"a":1}\n\n'),
  "event errors": filled("event: error\ndata: {\n\n"),
  "event blank": "data:" + filled("\n"),
  digits: filled("7"),
  "retry phrases": filled("try again in "),
  "retry digits": "try again in " + filled("1"),
  "retry units": "try again in " + filled("1m1h"),
  spaces: filled(" "),
  "request ids": filled("(request id: "),
  "too many tokens": `{"message":"${filled("too many tokens ").slice(20)}"}`,
  parentheses: `{"message":"${filled("(E00").slice(20)}"}`,
};

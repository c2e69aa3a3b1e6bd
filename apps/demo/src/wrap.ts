/**
 * Breaks a text into lines of at most `width` characters: between words, but never between a number and its unit; inside a
 * word that is too long after `_`, `-` or `/` or before a capital.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const { part, joins } of paragraph.split(/ (?!(?:ms|s|min|h)\b)/).flatMap((word) => parts(word, width))) {
      const glued = line === "" ? part : `${line}${joins ? "" : " "}${part}`;
      if (glued.length <= width) line = glued;
      else {
        lines.push(line);
        line = part;
      }
    }
    lines.push(line);
  }
  return lines;
}

interface Part {
  readonly part: string;
  /** Belongs to the part before it, without a space. */
  readonly joins: boolean;
}

function parts(word: string, width: number): Part[] {
  if (word.length <= width) return [{ part: word, joins: false }];
  return word
    .split(/(?<=[_/-])|(?<=[a-z])(?=[A-Z])/)
    .flatMap((piece) => piece.match(new RegExp(`.{1,${width}}`, "g"))!)
    .map((part, index) => ({ part, joins: index > 0 }));
}

/** A fenced block of a document. */
export interface Block {
  /** The path from the root of the repository. */
  readonly file: string;
  /** The line of the fence that opens it; the first line is 1. */
  readonly line: number;
  readonly language: string;
  /** What stands behind the language. */
  readonly info: string;
  readonly code: string;
}

/** Finds the fenced blocks of a Markdown text; one that is never closed ends with the text (CommonMark §4.5). */
export function blocksOf(file: string, text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, fence, language, info] = /^ {0,3}(`{3,})([^\s`]*)([^`]*)$/.exec(lines[at]!) ?? [];
    if (fence === undefined) continue;
    const line = at + 1;
    const closing = new RegExp(`^ {0,3}${fence}\`*\\s*$`);
    const code: string[] = [];
    for (at++; at < lines.length && !closing.test(lines[at]!); at++) code.push(lines[at]!);
    blocks.push({ file, line, language: language!, info: info!.trim(), code: code.join("\n") });
  }
  return blocks;
}

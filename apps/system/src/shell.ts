import { existsSync } from "node:fs";
import { join } from "node:path";
import { manifestOf, packages, root } from "./manifest.ts";

/** The commands of a shell block: without comments, and with continued lines in one piece. */
export function commandsOf(code: string): string[] {
  return code
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** What is wrong with a command that a document gives its readers; `null` when it exists. */
export function commandProblem(command: string): string | null {
  const [program = "", ...words] = command.split(/\s+/);
  const { packageManager, scripts = {} } = manifestOf(root);
  if (program === "npx") {
    const [tool = "", ...rest] = words.filter((word) => word !== "--yes");
    if (!tool.startsWith("pnpm@")) return null;
    return tool === packageManager ? pnpmProblem(rest, scripts) : `${tool} is not ${packageManager}`;
  }
  if (program === "pnpm") return pnpmProblem(words, scripts);
  if (program === "npm" && words[0] === "install") {
    const published = packages.map((folder) => manifestOf(join(root, folder)).name);
    const stranger = words.slice(1).find((word) => !word.startsWith("-") && !published.includes(word));
    return stranger === undefined ? null : `${stranger} is not a package of this repository`;
  }
  const file = ["node", "bash", "cd"].includes(program) ? words[0] : program.includes("/") ? program : undefined;
  if (file === undefined) return `${program} is not a command that every reader has`;
  return existsSync(join(root, file)) ? null : `${file} does not exist`;
}

function pnpmProblem([word = ""]: readonly string[], scripts: object): string | null {
  const known = word === "install" || Object.hasOwn(scripts, word) || existsSync(join(root, "node_modules/.bin", word));
  return known ? null : `there is no script ${word}`;
}

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./manifest.ts";
import { type Block, blocksOf } from "./markdown.ts";
import { commandProblem, commandsOf } from "./shell.ts";

/** Inside this workspace, so that the packages resolve as for anybody who installed them. */
const workshop = fileURLToPath(new URL("../.artifacts/examples", import.meta.url));
const preload = fileURLToPath(new URL("./example-preload.ts", import.meta.url));
const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));

const TIME_LIMIT_MS = 15_000;

/**
 * Checks every fenced block of some documents, and returns what is wrong, as `file:line what`.
 *
 * - `ts` is type-checked and run as a module of its own. A comment behind code is a line that the example prints.
 *   `ts no-run <reason>` is only type-checked.
 * - `sh` holds commands that exist. `sh no-run <reason>` is not looked at.
 * - `json` is JSON; `text`, `http` and `yaml` are not looked at. There are no others.
 *
 * @param files paths from the root
 * @param origin where requests to https://api.example.com go
 */
export async function problemsIn(files: readonly string[], origin: string): Promise<string[]> {
  const blocks = files.flatMap((file) => blocksOf(file, readFileSync(join(root, file), "utf8")));
  const examples = blocks.filter(({ language }) => language === "ts");
  const modules = write(examples);
  const found = [...blocks.flatMap(lookProblems), ...(await typeProblems(modules))];
  for (const [path, block] of modules) {
    if (block.info.startsWith("no-run")) continue;
    found.push(...(await runProblems(path, block, origin)));
  }
  return found.toSorted(inReadingOrder);
}

const inReadingOrder = new Intl.Collator("en", { numeric: true }).compare;

function at({ file, line }: Block, what: string): string {
  return `${file}:${line} ${what}`;
}

/** What can be seen without running anything. */
function lookProblems(block: Block): string[] {
  const { language, info, code } = block;
  if (info !== "" && !/^no-run \S+ \S+/.test(info))
    return [at(block, `"${info}" is not "no-run" and a reason in words`)];
  switch (language) {
    case "sh":
      if (info !== "") return [];
      return commandsOf(code)
        .map((command) => commandProblem(command))
        .filter((problem) => problem !== null)
        .map((problem) => at(block, problem));
    case "json":
      try {
        JSON.parse(code);
        return [];
      } catch (error) {
        return [at(block, (error as Error).message)];
      }
    case "ts":
    case "text":
    case "http":
    case "yaml":
      return [];
    default:
      return [at(block, `a block is ts, sh, json, text, http or yaml, not "${language}"`)];
  }
}

/** Writes each example as a module whose line numbers are those of its document. */
function write(examples: readonly Block[]): Map<string, Block> {
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true });
  const modules = new Map<string, Block>();
  for (const block of examples) {
    const name = `${block.file.replaceAll(/[^a-z0-9]/gi, "-")}-${block.line}.ts`;
    const path = join(workshop, name);
    writeFileSync(path, "\n".repeat(block.line) + block.code + "\n");
    modules.set(path, block);
  }
  return modules;
}

/** One run of the compiler for all. */
async function typeProblems(modules: ReadonlyMap<string, Block>): Promise<string[]> {
  if (modules.size === 0) return [];
  const config = {
    extends: relative(workshop, join(root, "tsconfig.base.json")),
    compilerOptions: { types: ["node"], isolatedDeclarations: false, declaration: false, moduleDetection: "force" },
    include: ["*.ts"],
  };
  writeFileSync(join(workshop, "tsconfig.json"), JSON.stringify(config));
  const { status, stdout } = await run([join(typescript, "bin/tsc"), "-p", workshop, "--pretty", "false"], workshop);
  const problems = Array.from(stdout.matchAll(/^(\S+\.ts)\((\d+),\d+\): (.+)$/gm), ([, name, line, message]) => {
    const block = modules.get(join(workshop, name!));
    return block === undefined ? `${name}:${line} ${message}` : `${block.file}:${line} ${message}`;
  });
  // Whatever the compiler complains of in another form must not pass.
  return status === 0 || problems.length > 0 ? problems : [stdout];
}

async function runProblems(path: string, block: Block, origin: string): Promise<string[]> {
  const { status, stdout, stderr } = await run(["--import", preload, path], workshop, { EXAMPLE_ORIGIN: origin });
  if (status === null) return [at(block, `was still running after ${TIME_LIMIT_MS} ms`)];
  if (status !== 0) return [at(block, `ended with ${status}: ${stderr.trim()}`)];
  const printed = stdout.split("\n");
  for (const claim of claimsOf(block.code)) {
    const found = printed.indexOf(claim);
    if (found < 0) return [at(block, `says that it prints "${claim}", but it printed ${JSON.stringify(stdout)}`)];
    printed.splice(0, found + 1);
  }
  return [];
}

/** What an example says that it prints: the comments behind code. */
function claimsOf(code: string): string[] {
  return Array.from(code.matchAll(/^.*[^\s/].*\s\/\/ (.+)$/gm), ([, claim]) => claim!);
}

interface Ended {
  /** `null` when it took too long. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], cwd: string, variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { NODE_OPTIONS: _, VITEST: __, ...environment } = process.env;
  return new Promise((resolve) => {
    const env = { ...environment, ...variables };
    const child = execFile(process.execPath, args, { cwd, env, timeout: TIME_LIMIT_MS }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode, stdout, stderr });
    });
  });
}

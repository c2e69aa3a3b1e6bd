import type { Kind } from "../catalog/catalog.ts";
import type { Dialect } from "./dialect.ts";
import { at, type Path } from "./own.ts";
import { byWords, spell, type Weight } from "./words.ts";

/** What a code or a message means. */
export interface Sense {
  readonly kind: Kind;
  /** `undefined`: as the kind says. */
  readonly retryable: boolean | undefined;
  readonly weight: Weight;
  readonly needsHint: boolean;
  /** A dialect lists it; `false` when only its words suggest it. */
  readonly listed: boolean;
}

function sense(meaning: string, mark?: string): Sense {
  const sign = meaning.at(-1);
  const signed = sign === "+" || sign === "-";
  return {
    kind: (signed ? meaning.slice(0, -1) : meaning) as Kind,
    retryable: signed ? sign === "+" : undefined,
    weight: mark === "?" ? "vague" : mark === "~" ? "weak" : "strong",
    needsHint: mark === "@",
    listed: true,
  };
}

/** A dialect made ready for lookups. */
export interface Voice {
  readonly dialect: Dialect;
  readonly messages: readonly (readonly [Sense, RegExp])[];
  readonly codeAt: readonly Path[];
}

/** All dialects together, ready for lookups. */
export interface Lexicon {
  readonly named: (label: string) => Voice | undefined;
  readonly recognise: (headers: ReadonlyMap<string, string>, root: unknown) => Voice | undefined;
  readonly recogniseText: (text: string) => Voice | undefined;
  readonly meaning: (code: string, voice: Voice | undefined) => Sense | undefined;
}

function words(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(" ");
}

/** `name=its+prefix` in its two parts. */
function tellOf(word: string): readonly [name: string, prefix: string | undefined] {
  const sign = word.indexOf("=");
  return sign < 0 ? [word, undefined] : [word.slice(0, sign), word.slice(sign + 1).replaceAll("+", " ")];
}

function paths(text: string | undefined): Path[] {
  return words(text).map((word) => {
    const [path, prefix] = tellOf(word);
    return { keys: path.split("."), prefix };
  });
}

function fits(value: unknown, prefix: string | undefined): boolean {
  if (prefix === undefined) return value !== undefined;
  return typeof value === "string" && value.startsWith(prefix);
}

interface Codes {
  readonly exact: Map<string, Sense>;
  readonly wild: (readonly [string, Sense])[];
  /** What was looked up before, by the code as it came. */
  readonly memo: Map<string, Sense | undefined>;
}

function* codesOf({ codes = {}, like }: Dialect): Generator<readonly [string, Sense]> {
  for (const [meaning, list] of Object.entries(codes)) {
    for (const word of list.split(" ")) {
      const mark = /^[?~@]/.exec(word)?.[0];
      yield [mark === undefined ? word : word.slice(1), sense(meaning, mark)];
    }
  }
  if (like !== undefined) yield* codesOf(like);
}

/** Makes dialects ready for lookups: once, and per speaker on its first word. */
export function compile(dialects: readonly Dialect[]): Lexicon {
  const labels = new Map<string, Voice>();
  const headerTells = new Map<string, { readonly prefix: string; readonly voice: Voice }[]>();
  const fieldTells: { readonly all: readonly Path[]; readonly voice: Voice }[] = [];
  const textTells: { readonly text: RegExp; readonly voice: Voice }[] = [];
  const shared: Codes = { exact: new Map(), wild: [], memo: new Map() };
  const scoped = new Map<Voice, Codes>();

  function add({ exact, wild }: Codes, code: string, meant: Sense): void {
    const spelled = spell(code);
    if (code.includes("*")) wild.push([code.startsWith("*") ? `*${spelled}` : spelled, meant]);
    else if (!exact.has(spelled)) exact.set(spelled, meant);
  }

  for (const dialect of dialects) {
    const messages = [];
    for (let from: Dialect | undefined = dialect; from !== undefined; from = from.like) {
      for (const [meaning, pattern] of from.messages ?? []) messages.push([sense(meaning), pattern] as const);
    }
    const voice: Voice = { dialect, messages, codeAt: paths(dialect.codeAt) };
    for (const label of [dialect.name, ...words(dialect.labels)]) labels.set(label, voice);
    for (const tell of words(dialect.headers)) {
      const [name, prefix = ""] = tellOf(tell);
      const same = headerTells.get(name);
      if (same === undefined) headerTells.set(name, [{ prefix, voice }]);
      else same.push({ prefix, voice });
    }
    for (const tell of words(dialect.fields)) fieldTells.push({ all: paths(tell.replaceAll("&", " ")), voice });
    if (dialect.text !== undefined) textTells.push({ text: dialect.text, voice });
    for (const [code, meant] of codesOf(dialect)) if (!/^\d+$|\*/.test(code)) add(shared, code, meant);
  }

  function codesFor(voice: Voice): Codes {
    let codes = scoped.get(voice);
    if (codes === undefined) {
      codes = { exact: new Map(), wild: [], memo: new Map() };
      for (const [code, meant] of codesOf(voice.dialect)) add(codes, code, meant);
      for (const [code, meant] of shared.exact) if (!codes.exact.has(code)) codes.exact.set(code, meant);
      scoped.set(voice, codes);
    }
    return codes;
  }

  return {
    named(label) {
      const voice = labels.get(label);
      if (voice !== undefined) return voice;
      for (let name = label.slice(0, 80).toLowerCase(); name !== "";) {
        const known = labels.get(name);
        if (known !== undefined) return known;
        name = name.slice(0, Math.max(0, name.lastIndexOf("-")));
      }
      return undefined;
    },
    recognise(headers, root) {
      for (const [name, value] of headers) {
        const voice = headerTells.get(name)?.find(({ prefix }) => value.startsWith(prefix))?.voice;
        if (voice !== undefined && (root === undefined || voice.dialect.gateway !== "proxy")) return voice;
      }
      if (root === undefined) return undefined;
      return fieldTells.find(({ all }) => all.every((path) => fits(at(root, path), path.prefix)))?.voice;
    },
    recogniseText: (text) => textTells.find((tell) => tell.text.test(text))?.voice,
    meaning(code, voice) {
      const { exact, wild, memo } = voice === undefined ? shared : codesFor(voice);
      const known = memo.get(code);
      if (known !== undefined || memo.has(code)) return known;
      const spelled = spell(code);
      const meant =
        exact.get(spelled) ??
        wild.find(([key]) => (key.startsWith("*") ? spelled.includes(key.slice(1)) : spelled.startsWith(key)))?.[1] ??
        guessed(spelled);
      // The same few codes come again and again; what an attacker makes up must not fill the memory.
      if (code.length < 80 && memo.size < memoLimit) memo.set(code, meant);
      return meant;
    },
  };
}

const memoLimit = 500;

function guessed(spelled: string): Sense | undefined {
  const [kind, weight] = byWords(spelled) ?? [];
  return kind === undefined || weight === undefined
    ? undefined
    : { kind, retryable: undefined, weight, needsHint: false, listed: false };
}

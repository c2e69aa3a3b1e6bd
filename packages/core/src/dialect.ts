import type { Kind } from "./catalog.ts";
import { kindByWords, spell } from "./words.ts";

/** A kind, with `+` or `-` behind it when this meaning is retryable or not whatever the kind usually is. */
export type Meaning = Kind | `${Kind}+` | `${Kind}-`;

/**
 * What is known about one provider, gateway or proxy: data, no code.
 *
 * Its codes are looked up for everybody, first listed dialect first; numeric codes and wildcards only when this dialect
 * speaks. It speaks when the caller names it, or when one of its tells is found.
 */
export interface Dialect {
  /** What the verdict calls it. */
  readonly name: string;
  /** Other names a caller may use for it, separated by spaces. */
  readonly labels?: string;
  /** Response headers that nobody else sends, separated by spaces: `x-vercel-error`, or `via=1.1+google` for a prefix. */
  readonly headers?: string;
  /** Fields that nobody else sends, as dotted paths separated by spaces: `base_resp`, or `type=error&request_id=req_`. */
  readonly fields?: string;
  /** A message that nobody else sends. */
  readonly text?: RegExp;
  /**
   * Stands between, so that what it says is not the provider's fault: an `api` that puts errors into words of its own,
   * or a `proxy`. Headers of a proxy are no tell beside a JSON body, which it only passed on.
   */
  readonly gateway?: "api" | "proxy";
  /** Its tells are shared by many: a message that tells another one speaks first. */
  readonly guess?: boolean;
  /** Where its code stands when none of the usual fields has one: dotted paths separated by spaces. */
  readonly codeAt?: string;
  /** Where its code stands in a message: the first group of a pattern. */
  readonly codeIn?: RegExp;
  /**
   * What its codes mean: codes separated by spaces, in any spelling of case and punctuation, without a trailing `Error`
   * or `Exception`. A status stands for itself. Wildcards: `SAFETY*` begins with, `*perday` contains.
   * - `?code` is vague: a message pattern is asked first
   * - `~code` is weak: it decides only where no error status does
   * - `@code` counts only beside a Retry-After header
   */
  readonly codes?: { readonly [M in Meaning]?: string };
  /** Anchored patterns for messages whose code lies or is missing; first match wins. Keep them linear. */
  readonly messages?: readonly (readonly [Meaning, RegExp])[];
  /** Another dialect whose messages are this one's too, after its own. */
  readonly like?: Dialect;
}

/** How much a code proves. */
export type Weight = "strong" | "vague" | "weak";

/** What a code or a message means. */
export interface Sense {
  readonly kind: Kind;
  /** `undefined`: as the kind says. */
  readonly retryable: boolean | undefined;
  readonly weight: Weight;
  readonly needsHint: boolean;
}

function sense(meaning: string, mark?: string): Sense {
  const sign = meaning.at(-1);
  const signed = sign === "+" || sign === "-";
  return {
    kind: (signed ? meaning.slice(0, -1) : meaning) as Kind,
    retryable: signed ? sign === "+" : undefined,
    weight: mark === "?" ? "vague" : mark === "~" ? "weak" : "strong",
    needsHint: mark === "@",
  };
}

/** A dialect made ready for lookups. */
export interface Voice {
  readonly dialect: Dialect;
  readonly messages: readonly (readonly [Sense, RegExp])[];
  readonly codeAt: readonly Path[];
}

type Path = { readonly keys: readonly string[]; readonly prefix: string | undefined };

/** All dialects together, ready for lookups. */
export interface Lexicon {
  readonly named: (label: string) => Voice | undefined;
  readonly recognise: (headers: ReadonlyMap<string, string>, root: unknown) => Voice | undefined;
  readonly recogniseText: (text: string) => Voice | undefined;
  readonly meaning: (code: string, voice: Voice | undefined) => Sense | undefined;
}

/** The value of an own property, and nothing inherited. */
export function own(value: unknown, key: string): unknown {
  return value !== null && typeof value === "object" && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** The value at a dotted path. */
export function at(root: unknown, { keys }: Path): unknown {
  let value = root;
  for (const key of keys) value = own(value, key);
  return value;
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
        byWords(spelled);
      // The same few codes come again and again; what an attacker makes up must not fill the memory.
      if (code.length < 80 && memo.size < memoLimit) memo.set(code, meant);
      return meant;
    },
  };
}

const memoLimit = 500;

function byWords(spelled: string): Sense | undefined {
  const [kind, weight] = kindByWords(spelled) ?? [];
  return kind === undefined ? undefined : { kind, retryable: undefined, weight: weight!, needsHint: false };
}

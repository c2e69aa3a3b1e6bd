import type { Dialect, Sense } from "../resolve/dialect.ts";
import { at } from "../resolve/own.ts";
import { byWords, spell } from "./words.ts";

type Codes = Map<string, Sense>;

/** All dialects together, ready for lookups. */
export interface Lexicon {
  /** The dialect of that name, or of that host. */
  readonly named: (label: string) => Dialect | undefined;
  /** The dialect whose headers or fields these are. */
  readonly recognise: (headers: ReadonlyMap<string, string>, root: unknown) => Dialect | undefined;
  /** The dialect whose message this is. */
  readonly recogniseText: (text: string) => Dialect | undefined;
  /** What some dialect, first of all the one that speaks, lists a code as. */
  readonly listed: (code: string, speaker: Dialect | undefined) => Sense | undefined;
  /** The same, or what the words in a code suggest. */
  readonly meaning: (code: string, speaker: Dialect | undefined) => Meant | undefined;
}

/** What a code is taken to mean. */
interface Meant {
  readonly sense: Sense;
  /** Nobody lists it: only a word in it says so, or it complains about something of that name. */
  readonly guess: "word" | "complaint" | null;
}

const complaint = /^(?:invalid|missing|unsupported)|(?:invalid|missing|unsupported|notfound)$/;

const memoLimit = 300;

/** Makes dialects ready for lookups. */
export function lexiconOf(dialects: readonly Dialect[]): Lexicon {
  const labels = new Map<string, Dialect>();
  const tells = new Map<string, (readonly [prefix: string, Dialect])[]>();
  const codes = new Map<Dialect, Codes>();
  const shared: Codes = new Map();
  const memos = new Map<Dialect | undefined, Map<string, Meant | undefined>>();
  const fields = dialects.flatMap((dialect) =>
    words(dialect.fields).map((tell) => [tell.split("&").map(tellOf), dialect] as const),
  );

  for (const dialect of dialects) {
    for (const label of words(`${dialect.name} ${dialect.labels ?? ""}`)) labels.set(label, dialect);
    for (const tell of words(dialect.headers)) {
      const [path, prefix = ""] = tellOf(tell);
      const name = path.join(".");
      tells.set(name, [...(tells.get(name) ?? []), [prefix, dialect]]);
    }
    const known = codesOf(dialect);
    codes.set(dialect, known);
    for (const [code, sense] of known) if (!/^\d+$|\*/.test(code) && !shared.has(code)) shared.set(code, sense);
  }

  function listed(code: string, speaker: Dialect | undefined): Sense | undefined {
    const spelled = spell(code);
    const mine = speaker && codes.get(speaker);
    const exact = mine?.get(spelled) ?? shared.get(spelled);
    if (exact !== undefined) return exact;
    for (const [key, sense] of mine ?? []) {
      if (key[0] === "*" ? spelled.includes(key.slice(1)) : key.endsWith("*") && spelled.startsWith(key.slice(0, -1))) {
        return sense;
      }
    }
    return undefined;
  }

  const labelled = upwardsIn(labels);
  const told = upwardsIn(tells);
  return {
    named: (label) => labelled(label.toLowerCase()),
    recognise(headers, root) {
      for (const [name, value] of headers) {
        const tell = told(name)?.find(([prefix]) => value.startsWith(prefix));
        if (tell && (root === undefined || tell[1].gateway !== "proxy")) return tell[1];
      }
      if (root === undefined) return undefined;
      return fields.find(([all]) => all.every(([path, prefix]) => fits(at(root, path), prefix)))?.[1];
    },
    recogniseText: (text) => dialects.find((dialect) => dialect.text?.test(text)),
    listed,
    meaning(code, speaker) {
      const known = memos.get(speaker) ?? new Map<string, Meant | undefined>();
      if (known.has(code)) return known.get(code);
      const entry = listed(code, speaker);
      const spelled = spell(code);
      const sense = entry ?? byWords(spelled);
      const guess = entry ? null : complaint.test(spelled) ? "complaint" : "word";
      const meant: Meant | undefined = sense && { sense, guess };
      // The same few codes come again and again; what an attacker makes up must not fill the memory.
      if (code.length < 80 && known.size < memoLimit) memos.set(speaker, known.set(code, meant));
      return meant;
    },
  };
}

function words(text: string | undefined): string[] {
  return text?.split(" ").filter(Boolean) ?? [];
}

/** `some.path=its+prefix` in its two parts. */
function tellOf(word: string): readonly [path: readonly string[], prefix: string | undefined] {
  const [path = "", prefix] = word.split("=");
  return [path.split("."), prefix?.replaceAll("+", " ")];
}

function fits(value: unknown, prefix: string | undefined): boolean {
  return prefix === undefined ? value !== undefined : typeof value === "string" && value.startsWith(prefix);
}

/** Its own codes, then those of the dialect that it is like. */
function codesOf(dialect: Dialect): Codes {
  const codes: Codes = new Map();
  for (let from: Dialect | undefined = dialect; from !== undefined; from = from.like) {
    for (const [sense, list] of Object.entries(from.codes ?? {})) {
      for (const word of list.split(" ")) {
        const key = word.split("*").map(spell).join("*");
        if (!codes.has(key)) codes.set(key, sense as Sense);
      }
    }
  }
  return codes;
}

/**
 * Looks up what is known of a name, else of a host without its first part (`x.ai` for `api.x.ai`) or of a word without its
 * last. The same names come again and again; what an attacker makes up must not fill the memory.
 */
function upwardsIn<T>(known: ReadonlyMap<string, T>): (name: string) => T | undefined {
  const memo = new Map<string, T | undefined>();
  return (name) => {
    if (memo.has(name)) return memo.get(name);
    let found: T | undefined;
    for (let rest = name.slice(0, 80); rest !== "" && found === undefined;) {
      found = known.get(rest);
      const dot = rest.indexOf(".");
      rest = dot < 0 ? rest.slice(0, Math.max(0, rest.lastIndexOf("-"))) : rest.slice(dot + 1);
    }
    if (name.length < 80 && memo.size < memoLimit) memo.set(name, found);
    return found;
  };
}

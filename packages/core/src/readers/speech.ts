import type { Kind } from "../catalog/kinds.ts";
import { addCode } from "../resolve/answer.ts";
import type { Dialect, Sense } from "../resolve/dialect.ts";
import { at, own } from "../resolve/own.ts";
import type { Judgement, Reader, Reading } from "../resolve/reading.ts";
import { type Lexicon, lexiconOf } from "./lexicon.ts";
import { byWords, plain } from "./words.ts";

/** Knows who speaks, and what codes and messages mean: in the dialects given, else by the words that codes are made of. */
export function speech(dialects: readonly Dialect[]): Reader {
  let compiled: Lexicon | undefined;
  const lexicon = (): Lexicon => (compiled ??= lexiconOf(dialects));
  return {
    open(reading) {
      const { provider, format, status } = reading;
      const known = (reading.asked = lexicon().named(provider));
      reading.dialect = speaker(reading, known, lexicon());
      // Whoever names a provider asked an API; a host may serve pages too.
      if (known && !isHost(provider) && format === "html" && status < 300) reading.part = {};
    },
    // A code and a message, whatever stands beside them: an error if the code is known as one.
    failureIn(document, { dialect }) {
      const code = own(document, "code");
      return typeof code === "string" && typeof own(document, "message") === "string" && lexicon().listed(code, dialect)
        ? document
        : null;
    },
    close(reading) {
      const { message, format, provider, documents, asked } = reading;
      const sure = asked
        ? !isHost(provider) || documents.length > 0
        : reading.dialect !== undefined && !reading.dialect.guess;
      if (!sure && message !== null)
        reading.dialect = lexicon().recogniseText(message.slice(0, 500)) ?? reading.dialect;
      const { dialect } = reading;
      // Whose text it is says the server, whoever was asked.
      const between = format === "json" ? undefined : (lexicon().recognise(reading.headers, undefined) ?? dialect);
      reading.gateway ||= dialect?.gateway === "api" || between?.gateway === "proxy";
      if (dialect?.codeAt) addCode(at(documents.at(-1), dialect.codeAt.split(".")), reading);
      addCode(dialect?.codeIn?.exec(message?.slice(0, 2048) ?? "")?.[1], reading);
    },
    weigh: (reading, usual) => weigh(reading, usual, lexicon()),
  };
}

function isHost(provider: string): boolean {
  return provider.includes(".");
}

function speaker(
  { provider, headers, documents }: Reading,
  known: Dialect | undefined,
  lexicon: Lexicon,
): Dialect | undefined {
  if (known && !isHost(provider)) return known;
  const newest = documents.at(-1);
  const heard = lexicon.recognise(headers, Array.isArray(newest) ? newest[0] : newest);
  // What is plainly of another family was only passed on by the host.
  return known && (!heard || heard.guess || family(heard) === family(known)) ? known : heard;
}

function family({ name, like }: Dialect): string {
  return like?.name ?? name;
}

/** By a strong code, a message, a vague code, the status, a weak code, the words of the message: whichever speaks first. */
function weigh(reading: Reading, usual: Judgement | null, { meaning }: Lexicon): Judgement | null {
  const { status, meant, dialect, codes, hints } = reading;
  const who = dialect ? `${dialect.name} ` : "";
  const firm = status >= 400 && status < 500 && usual?.retryable === false;
  let vague: Judgement | undefined;
  let weak: Judgement | undefined;
  for (const code of [...codes, ...hints]) {
    const { sense, guess } = meaning(code, dialect) ?? {};
    if (sense === undefined || (sense.endsWith("@") && !reading.headers.has("retry-after"))) continue;
    const judgement = judgementOf(sense, `${who}code ${code.slice(0, 80)}`);
    if (sense.endsWith("~") || (guess && firm && isDoubtful(sense, guess))) weak ??= judgement;
    else if (sense.endsWith("?")) vague ??= judgement;
    else return judgement;
  }
  const said = reading.message?.slice(0, 2048) ?? "";
  for (let from = dialect; from !== undefined; from = from.like) {
    for (const [sense, pattern] of from.messages ?? []) {
      const match = said && pattern.exec(said);
      if (match) return judgementOf(sense, `${who}message ${match[0].slice(0, 80)}`);
    }
  }
  // What a status of its own says, no class of codes unsays: too large stays too large.
  if (vague && status !== 402 && status !== 413) return vague;
  const scoped = dialect && meaning(`${meant}`, dialect);
  if (scoped) return judgementOf(scoped.sense, `${who}status ${meant}`);
  if (usual ?? weak) return usual ?? weak!;
  const words = byWords(plain(said));
  return words ? judgementOf(words, "words") : null;
}

/** What only sounds like it does not turn a mistake of the caller into something to try again, or to pay for. */
function isDoubtful(sense: Sense, guess: "word" | "complaint"): boolean {
  return /^(?:rate|over|time|una|int|up)/.test(sense) || (guess === "complaint" && !sense.startsWith("auth"));
}

function judgementOf(sense: Sense, evidence: string): Judgement {
  const sign = /[+-]$/.exec(sense)?.[0];
  return { kind: sense.replace(/\W$/, "") as Kind, retryable: sign === undefined ? undefined : sign === "+", evidence };
}

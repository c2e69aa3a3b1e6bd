import { styleText } from "node:util";

export type Colour = "green" | "red" | "yellow" | "dim" | "bold";

/** Puts a colour on a text, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_colour, text) => text;

const coloured: Paint = (colour, text) => styleText(colour, text, { validateStream: false });

/** Colours are for terminals, and never where NO_COLOR is set (no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb" ? coloured : plain;
}

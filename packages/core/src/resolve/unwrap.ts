import { filled, own, parsed } from "./own.ts";

const depthLimit = 20;
// Bodies that come as objects may be cyclic, and every level offers many ways down.
const visitLimit = 300;
/** Of a list, only so many elements are looked at. */
export const listLimit = 50;

// In order: the text of an object is that of the first of these that has one.
const envelopes =
  /* @__PURE__ */ "error errors detail message Message msg fault faultstring base_resp status_msg response Error title error_description err_msg messege failure failure_reason description".split(
    " ",
  );

/**
 * The text of an error, however it is wrapped. Its objects are shown to `gather`, from the inside out. Reads own
 * properties only, to a bounded depth and number.
 */
export function unwrap(root: unknown, gather: (of: object) => void): string | null {
  let left = visitLimit;
  /** Only text is wanted now, no codes. */
  let muted = false;
  return visit(root, 0);

  function visit(value: unknown, depth: number): string | null {
    if (typeof value === "string") return told(value, depth);
    if (typeof value !== "object" || value === null || depth > depthLimit || left-- < 0) return null;
    if (Array.isArray(value)) return listed(value, depth);
    const text = inside(value, depth);
    if (!muted) gather(value);
    return text;
  }

  /** A text, or what stands in a JSON document that was put into a text. */
  function told(text: string, depth: number): string | null {
    if (depth < 6 && /^\s*[[{]/.test(text)) {
      const [value] = parsed(text);
      if (typeof value === "object") return visit(value, depth + 1) ?? text;
    }
    return filled(text);
  }

  function listed(values: readonly unknown[], depth: number): string | null {
    const before = muted;
    const texts = [];
    for (const value of values.slice(0, listLimit)) {
      const text = visit(value, depth + 1);
      if (text === null) continue;
      texts.push(text);
      // The first element with a text speaks for all; the others lend their text.
      muted = true;
    }
    muted = before;
    return texts.join("; ") || null;
  }

  function inside(of: object, depth: number): string | null {
    const error = own(of, "error");
    const message = filled(own(of, "message"));
    if (typeof error === "string") {
      // A sentence beside the name of the class is the better one.
      const described = message ?? filled(own(of, "error_description"));
      if (described !== null) return told(described, depth);
    } else if (typeof error !== "object" || error === null) {
      const title = filled(own(of, "title"));
      if (title !== null) return filled(own(of, "detail")) ?? message ?? title;
    }
    let heard: string | null = null;
    for (const key of envelopes) {
      const value = own(of, key);
      const before = muted;
      // The elements of a list of details name what is wrong with each field, not the error.
      muted ||= key === "detail" && Array.isArray(value);
      heard = visit(value, depth + 1);
      muted = before;
      if (heard !== null) break;
    }
    const raw = own(own(of, "metadata"), "raw");
    return heard === null || heard === "Provider returned error" ? (visit(raw, depth + 1) ?? heard) : heard;
  }
}

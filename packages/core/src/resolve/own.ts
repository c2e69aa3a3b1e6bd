/** The value of an own property, and nothing inherited. */
export function own(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** The value at a path of own properties. */
export function at(root: unknown, keys: readonly string[]): unknown {
  return keys.reduce(own, root);
}

/** The value if it is a text with something in it. */
export function filled(value: unknown): string | null {
  return typeof value === "string" && value.trim() ? value : null;
}

/** Is there something in a text or an object? */
export function isFilled(value: unknown): boolean {
  if (typeof value !== "object") return typeof value === "string" && value !== "";
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

/** The value of a JSON text in a list of one, or an empty list: JSON has no value that could stand for none. */
export function parsed(text: string): [unknown] | [] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

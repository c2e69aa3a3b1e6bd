/** Where a value stands, and how it begins, if that matters. */
export interface Path {
  readonly keys: readonly string[];
  readonly prefix: string | undefined;
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

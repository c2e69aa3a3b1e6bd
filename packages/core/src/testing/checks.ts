/** @throws {Error} what it must be, and what it is */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (!Object.is(actual, expected)) throw new Error(`${what}: must be ${String(expected)}, is ${String(actual)}`);
}

/** @throws {Error} the bounds, and what it is */
export function between(actual: number, least: number, most: number, what: string): void {
  if (!(actual >= least && actual <= most)) throw new Error(`${what}: must be ${least} to ${most}, is ${actual}`);
}

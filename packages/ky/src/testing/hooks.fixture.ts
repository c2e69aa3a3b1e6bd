import ky, { type Options } from "ky";

/** Every test runs with ky 1, too, whose types are not those that a test sees. */
export const isKy2: boolean = "query" in ky;

interface HookState {
  readonly request: Request;
  readonly response: Response;
  readonly error: Error;
}

/** A hook of ky 2, in the signature of the ky that runs: ky 1 passes its facts one by one. */
export function hook(
  name: "beforeRequest" | "afterResponse" | "beforeError",
  run: (state: HookState) => unknown,
): Options {
  const tell = (facts: object): unknown => run(facts as HookState);
  const adapt = (...facts: unknown[]): unknown => {
    if (isKy2 || facts.length === 1) return tell(facts[0] as object);
    const [first, second, third, fourth] = facts;
    if (name === "beforeError") return tell({ error: first, ...(second as object) });
    if (name === "beforeRequest") return tell({ request: first, options: second, ...(third as object) });
    return tell({ request: first, options: second, response: third, ...(fourth as object) });
  };
  return { hooks: { [name]: [adapt] } };
}

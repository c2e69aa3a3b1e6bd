import { answers } from "./answers.ts";
import { connections } from "./connections.ts";
import { crowds } from "./crowds.ts";
import type { Scenario } from "./scenario.ts";

/** Everything that a client goes through, in the order of the tables. */
export const scenarios: readonly Scenario[] = [...answers, ...connections, ...crowds];

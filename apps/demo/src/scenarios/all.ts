import type { Scenario } from "../scenario.ts";
import { answers } from "./answers.ts";
import { crowds } from "./crowds.ts";
import { limits } from "./limits.ts";
import { long } from "./long.ts";
import { network } from "./network.ts";

/** In the order of the table. */
export const scenarios: readonly Scenario[] = [...answers, ...limits, ...network, ...crowds, ...long];

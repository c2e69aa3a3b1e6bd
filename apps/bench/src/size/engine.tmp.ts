import { createResilient } from "../../../../packages/fetch/src/resilient.ts";
export const fetch = createResilient(() => null)();

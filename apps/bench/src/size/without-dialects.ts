import { createBaseResolver } from "@failwell/core";
import { createResilient, type ResilientFetch } from "@failwell/fetch";

export const fetch: ResilientFetch = createResilient(createBaseResolver())();

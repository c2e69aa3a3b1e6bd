import { resilient, type ResilientFetch } from "@failwell/fetch";

export const fetch: ResilientFetch = resilient();

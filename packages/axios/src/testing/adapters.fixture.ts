/** The adapters that run on Node. */
export const adapters = ["http", "fetch"] as const;

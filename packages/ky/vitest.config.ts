import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.base.ts";

/** Every test runs with both versions of ky that are supported. */
export default mergeConfig(
  base,
  defineConfig({
    test: {
      projects: [
        { extends: true, test: { name: "ky 2" } },
        { extends: true, test: { name: "ky 1", typecheck: { enabled: false } }, resolve: { alias: { ky: "ky-1" } } },
      ],
    },
  }),
);

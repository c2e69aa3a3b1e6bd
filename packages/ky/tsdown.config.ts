import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts"],
  platform: "neutral",
  dts: true,
  exports: { devExports: true },
  publint: true,
  attw: { profile: "esm-only" },
});

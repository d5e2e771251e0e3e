import { defineConfig } from "vitest/config";
import { version } from "./plugins/version.ts";

const define = { __PHOTOCHROM_VERSION__: JSON.stringify(version()), __IS_STATIC__: "false" };

export default defineConfig({
  test: {
    projects: [
      {
        define,
        test: {
          name: "unit",
          include: ["tests/**/*.test.{ts,tsx}"],
          globalSetup: "tests/setup.ts",
          testTimeout: 20_000,
        },
      },
      {
        define,
        test: {
          name: "e2e",
          include: ["e2e/**/*.e2e.ts"],
          globalSetup: "e2e/setup.ts",
          // Generous: a machine may be shared; what counts is measured by benchmarks/browser_site.py.
          testTimeout: 180_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000, interval: 100 } },
          fileParallelism: false,
        },
      },
    ],
  },
});

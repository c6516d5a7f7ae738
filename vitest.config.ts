import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", ".next/**", "e2e/**", ".parsimony/**"];

/**
 * Two projects. `unit` needs nothing but this checkout; `integration` (*.itest.ts) gets a PostgreSQL database of its
 * own per file, cloned from a template that the global setup migrates once.
 */
export default defineConfig({
  test: {
    // An odd zone, so that code which silently assumes UTC or the developer's zone fails here.
    // What tests load themselves must report nothing either; see engine/runtime/no-telemetry.ts.
    env: { TZ: "Asia/Kathmandu", ORT_DISABLE_TELEMETRY: "1" },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude,
          environment: "node",
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          // Never the data folder of a real installation.
          env: { PARSIMONY_HOME: join(tmpdir(), `parsimony-integration-${process.pid}`) },
          include: ["**/*.itest.ts"],
          exclude,
          environment: "node",
          globalSetup: ["server/testing/global-setup.ts"],
          // More than cores would let what is timed wait.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});

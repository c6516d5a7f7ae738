import { defineConfig } from "@playwright/test";

// Before a test loads ONNX Runtime; see engine/runtime/no-telemetry.ts.
process.env.ORT_DISABLE_TELEMETRY = "1";

const args = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Browser tests against the production build: the whole system is started once by the global setup. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: ".cache/browser",
  globalSetup: "./e2e/global-setup.ts",
  fullyParallel: true,
  // More than cores: most of a journey is waiting for runs.
  workers: 3,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json"]],
  use: {
    launchOptions: {
      ...(process.env.PARSIMONY_BROWSER && { executablePath: process.env.PARSIMONY_BROWSER }),
      args: process.getuid?.() === 0 ? [...args, "--no-sandbox"] : args,
    },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "#bin/lib/postgres.ts";

const root = resolve(import.meta.dirname, "..");
const startWithinMs = 180_000;

/** Starts the whole system as a person would (`npm start`), in a folder of its own, and stops it at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), "parsimony-e2e-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const system = spawn(process.execPath, [join(root, "bin/launch.mjs"), "start"], {
    cwd: root,
    env: {
      ...process.env,
      PARSIMONY_HOME: home,
      PORT: String(port),
      DATABASE_URL: undefined,
      PARSIMONY_URL: undefined,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  await new Promise<void>((ready, fail) => {
    let why = "";
    // Stopped first, or its database would outlive the tests.
    const timer = setTimeout(() => {
      why = "The system did not start in time.";
      system.kill("SIGTERM");
    }, startWithinMs);
    const onData = (chunk: Buffer) => {
      output.push(chunk.toString());
      if (chunk.toString().includes("Ready in")) {
        clearTimeout(timer);
        ready();
      }
    };
    system.stdout.on("data", onData);
    system.stderr.on("data", onData);
    system.once("exit", (code) => {
      clearTimeout(timer);
      fail(new Error(`${why || `The system ended with status ${code}.`}\n${output.join("")}`));
    });
  });
  process.env.PARSIMONY_E2E_URL = url;
  process.env.PARSIMONY_E2E_HOME = home;
  return async () => {
    const ended = new Promise((done) => system.once("exit", done));
    system.kill("SIGTERM");
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
}

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { LaunchError } from "./stage.ts";

const systemPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A Chromium of the system, or one that Playwright has downloaded; undefined where there is neither. */
export function findBrowser(): string | undefined {
  const system = systemPaths.find((path) => existsSync(path));
  if (system) return system;
  const cache = join(homedir(), ".cache", "ms-playwright");
  if (!existsSync(cache)) return undefined;
  return readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .map((name) => join(cache, name, "chrome-linux", "chrome"))
    .find((path) => existsSync(path));
}

function tryRun(command: string, args: string[]): boolean {
  const done = spawnSync(command, args, {
    stdio: "ignore",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return done.status === 0;
}

/** Finds a browser for the tests, and installs Debian's or Playwright's where there is none. */
export async function ensureBrowser(): Promise<{ said: string; value: string }> {
  const present = findBrowser();
  if (present) return { said: present, value: present };
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    tryRun("apt-get", ["update", "-qq"]);
    tryRun("apt-get", [
      "install",
      "-y",
      "-qq",
      "--no-install-recommends",
      "chromium",
      "fonts-noto-cjk",
      "fonts-noto-core",
    ]);
  }
  if (!findBrowser())
    tryRun(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"]);
  const installed = findBrowser();
  if (installed) return { said: `${installed}, installed now`, value: installed };
  throw new LaunchError(
    "There is no Chromium, and none could be installed.",
    "install it by hand (Debian: apt-get install chromium fonts-noto-cjk) and run the tests again.",
  );
}

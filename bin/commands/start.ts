import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "../lib/build.ts";
import { install, root } from "../lib/install.ts";
import { readable } from "../lib/lines.ts";
import { explain, LaunchError, stage } from "../lib/stage.ts";

/** `npm start`: from a checkout to a running installation, one line a stage. */
const begin = performance.now();
const home = resolve(process.env.PARSIMONY_HOME ?? join(root, ".parsimony"));
const port = Number(process.env.PORT ?? 3000);
process.stdout.write(`\nParsimony\n`);

try {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new LaunchError(
      `PORT is "${process.env.PORT}", which is no port.`,
      "give a number from 1 to 65535.",
    );
  }
  await stage("dependencies", install);
  await stage("build", build);
  // Only now: what follows needs the installed packages.
  const { System } = await import("../lib/system.ts");
  const system = new System({
    home,
    port,
    databaseUrl: process.env.DATABASE_URL,
    mode: "production",
    onLine: (name, line) => process.stdout.write(`${readable(name, line)}\n`),
  });
  let ending: Promise<void> | undefined;
  const end = (status: number) => {
    ending ??= system.stop().then(() => process.exit(process.exitCode ?? status));
    return ending;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!ending) process.stdout.write("\nstopping\n");
      void end(0);
    });
  }
  try {
    await stage("database", async () => ({ said: await system.startDatabase(), value: undefined }));
    await stage("migrations", async () => {
      const applied = await system.migrate();
      return { said: applied.length === 0 ? "up to date" : `${applied.length} applied`, value: undefined };
    });
    const seedEntry = join(root, "prisma/seed/main.ts");
    const demo =
      process.env.PARSIMONY_SEED === "0" || !existsSync(seedEntry)
        ? undefined
        : await stage("demo", async () => {
            Object.assign(process.env, system.environment());
            const { seed } = (await import(seedEntry)) as typeof import("../../prisma/seed/main.ts");
            const seeded = await seed();
            return { said: seeded.said, value: seeded };
          });
    await stage("worker", async () => ({
      said: `process ${String((await system.startService("worker")).pid ?? "started")}`,
      value: undefined,
    }));
    await stage("web", async () => ({
      said: `port ${String((await system.startService("web")).port)}`,
      value: undefined,
    }));
    process.stdout.write(
      `\nReady in ${((performance.now() - begin) / 1000).toFixed(1)} s: http://localhost:${port}\n${demo?.signIn ?? ""}Ctrl-C stops everything.\n\n`,
    );
  } catch (error) {
    explain(error);
    await end(2);
  }
} catch (error) {
  explain(error);
  process.exit(2);
}

import { join, resolve } from "node:path";
import type { Seeded } from "#prisma/seed/main.ts";
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
  let demo: Seeded | undefined;
  let ending: Promise<void> | undefined;
  const end = (status: number) => {
    ending ??= (async () => {
      await demo?.stop();
      await system.stop();
      process.exit(process.exitCode ?? status);
    })();
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
    await stage("worker", async () => {
      const { pid } = await system.startService("worker");
      return { said: `process ${String(pid ?? "started")}`, value: undefined };
    });
    // After the worker, which looks at the demo files, and before the web process, so that nobody sees half of it.
    if (process.env.PARSIMONY_SEED !== "0") {
      demo = await stage("demo", async () => {
        Object.assign(process.env, system.environment());
        const { seed } = await import("#prisma/seed/main.ts");
        const value = await seed();
        return { said: value.said, value };
      });
      demo.published.catch((error: unknown) => process.stdout.write(`[demo] ${String(error)}\n`));
    }
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

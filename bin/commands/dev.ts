import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { generateClient } from "../lib/build.ts";
import { install, root } from "../lib/install.ts";
import { readable } from "../lib/lines.ts";
import { explain, stage } from "../lib/stage.ts";

/** `npm run dev`: the same system with the web process in development mode (pages compile when asked for). */
const home = resolve(process.env.PARSIMONY_HOME ?? join(root, ".parsimony"));
const port = Number(process.env.PORT ?? 3000);

try {
  await stage("dependencies", install);
  generateClient();
  const { System } = await import("../lib/system.ts");
  const system = new System({
    home,
    port,
    databaseUrl: process.env.DATABASE_URL,
    mode: "development",
    onLine: (name, line) => process.stdout.write(`${readable(name, line)}\n`),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void system.stop().then(() => process.exit(0)));
  }
  try {
    await stage("database", async () => ({ said: await system.startDatabase(), value: undefined }));
    await stage("migrations", async () => ({
      said: `${(await system.migrate()).length} applied`,
      value: undefined,
    }));
    if (existsSync(join(root, "workers/main.ts")))
      await stage("worker", async () => ({
        said: String((await system.startService("worker")).pid ?? ""),
        value: undefined,
      }));
    await stage("web", async () => ({
      said: `http://localhost:${String((await system.startService("web")).port)}`,
      value: undefined,
    }));
  } catch (error) {
    explain(error);
    await system.stop();
    process.exit(2);
  }
} catch (error) {
  explain(error);
  process.exit(2);
}

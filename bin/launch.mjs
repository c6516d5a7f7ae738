// Entry of the npm scripts. Plain JavaScript for Node 20; everything behind it runs under Node 24.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureNode } from "./lib/node24.mjs";

const [command = "start", ...rest] = process.argv.slice(2);
const entry = join(import.meta.dirname, "commands", `${command}.ts`);
if (!/^[a-z-]+$/.test(command) || !existsSync(entry)) {
  process.stderr.write(`Unknown command "${command}".\n`);
  process.exit(2);
}
await ensureNode(entry, rest);

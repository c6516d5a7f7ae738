// Plain JavaScript for Node 20; the command line itself is TypeScript, which a newer Node runs directly.
import { resolve } from "node:path";
import { ensureNode } from "../lib/node24.mjs";

await ensureNode(resolve(import.meta.dirname, "main.ts"), process.argv.slice(2));

import { spawnSync } from "node:child_process";
import { root } from "../lib/install.ts";

/** `npm run format`: formats, sorts imports and applies the safe fixes of the linter. */
const done = spawnSync(process.execPath, ["node_modules/@biomejs/biome/bin/biome", "check", "--write", "."], {
  cwd: root,
  stdio: "inherit",
});
process.exit(done.status ?? 1);

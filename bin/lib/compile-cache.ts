import { join } from "node:path";
import { root } from "./install.ts";

/** Where Node keeps compiled modules; `node24.mjs` says the same for what runs on an older Node. */
export const compileCache = join(root, ".cache", "compiled");

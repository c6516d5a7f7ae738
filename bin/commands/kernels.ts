import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/install.ts";
import { kernelsModule } from "../lib/kernels-module.ts";

/** `npm run kernels`: makes engine/kernels/kernels.wasm.ts of kernels.wat. A test says when that was forgotten. */
writeFileSync(join(root, "engine/kernels/kernels.wasm.ts"), await kernelsModule(root));

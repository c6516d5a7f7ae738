import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/install.ts";
import { kernelsModule, kernelTexts, modulePath } from "../lib/kernels-module.ts";

/** `npm run kernels`: makes the WebAssembly modules of their texts. A test says when that was forgotten. */
for (const text of kernelTexts) writeFileSync(join(root, modulePath(text)), await kernelsModule(root, text));

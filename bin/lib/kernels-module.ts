import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import wabt from "wabt";

/** The texts of WebAssembly modules; each stands beside the module that is made of it. */
export const kernelTexts = ["engine/kernels/kernels.wat", "engine/train/optimizers/optimizers.wat"] as const;

export function modulePath(text: string): string {
  return text.replace(/\.wat$/, ".wasm.ts");
}

/** The TypeScript module that holds the kernels of a text as WebAssembly. */
export async function kernelsModule(root: string, text: string): Promise<string> {
  const { parseWat } = await wabt();
  const name = basename(text);
  const parsed = parseWat(name, readFileSync(join(root, text), "utf8"), {
    simd: true,
    multi_value: true,
    sat_float_to_int: true,
  });
  try {
    parsed.validate();
    const { buffer } = parsed.toBinary({});
    const base64 = Buffer.from(buffer).toString("base64");
    return `/** \`${name}\` as WebAssembly, in base64: made by \`npm run kernels\`. */\nexport const wasm =\n  "${base64}";\n`;
  } finally {
    parsed.destroy();
  }
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import wabt from "wabt";

/** The TypeScript module that holds the kernels as WebAssembly, made of their text. */
export async function kernelsModule(root: string): Promise<string> {
  const { parseWat } = await wabt();
  const parsed = parseWat("kernels.wat", readFileSync(join(root, "engine/kernels/kernels.wat"), "utf8"), {
    simd: true,
    multi_value: true,
    sat_float_to_int: true,
  });
  try {
    parsed.validate();
    const { buffer } = parsed.toBinary({});
    const text = Buffer.from(buffer).toString("base64");
    return `/** \`kernels.wat\` as WebAssembly, in base64: made by \`npm run kernels\`. */\nexport const wasm =\n  "${text}";\n`;
  } finally {
    parsed.destroy();
  }
}

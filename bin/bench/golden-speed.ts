import { readdirSync } from "node:fs";
import { join } from "node:path";
import { goldenSources } from "#engine/passes/testing/golden-sources.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { compressInChild, latencyRatio } from "./children.ts";
import { tableOf } from "./table.ts";

export interface GoldenLine {
  readonly name: string;
  /** Our model's time over that of the model that ONNX Runtime's own tool made. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** What makes here what ONNX Runtime's quantiser made there, by the golden file's variant. */
const steps: Readonly<Record<string, object>> = {
  "dynamic/default": {
    use: "quantize.dynamic",
    op_types: ["Conv", "MatMul", "Gemm", "Attention", "LSTM", "Gather", "Transpose"],
  },
  "float16/io_fp32": { use: "cast.float16" },
};

/** Speed of our models beside the golden ones, in alternation. Empty where there is no shared data. */
export async function benchGolden(folder: string): Promise<GoldenLine[]> {
  const lines: GoldenLine[] = [];
  for (const [key, step] of Object.entries(steps)) {
    const [kind = "", variant = ""] = key.split("/");
    const golden = sharedData(`golden/${kind}`);
    if (golden === undefined) continue;
    for (const file of readdirSync(golden).filter((name) => name.endsWith(`.${variant}.onnx`))) {
      const source = sharedData(goldenSources[file.split(".")[0] ?? ""] ?? "");
      if (source === undefined) continue;
      const out = join(folder, "golden.onnx");
      const cost = await compressInChild(source, { name: "golden", steps: [step] }, out);
      if ("failed" in cost) throw new Error(`${file}: ${cost.failed}`);
      const found = await latencyRatio(out, join(golden, file));
      if ("failed" in found) throw new Error(`${file}: ${found.failed}`);
      lines.push({ name: `${kind}/${file}`, ratio: found.ratio, low: found.low, high: found.high });
    }
  }
  return lines;
}

export function goldenSection(lines: readonly GoldenLine[]): string {
  return [
    "## Speed beside ONNX Runtime's own quantiser",
    "",
    "Time of the model made here over that of the model that ONNX Runtime 1.27.1's Python tools made of the same original, in alternation: the middle of the ratios, and their 10th and 90th percentile.",
    "",
    tableOf(
      ["golden file", "ratio"],
      lines.map(({ name, ratio, low, high }) => [
        name,
        `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
      ]),
    ),
    "",
  ].join("\n");
}

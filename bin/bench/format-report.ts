import type { FormatResult } from "./format-child.ts";
import { tableOf } from "./table.ts";

export interface FormatSubject {
  /** Below the folder of the shared data. */
  readonly name: string;
  readonly origin: string;
  readonly licence: string;
  readonly result: FormatResult | { readonly failed: string };
}

const named = { "tensorflow-js": "TensorFlow.js", "tensorflow-lite": "TensorFlow Lite" } as const;

/** The document about every real model of another format. */
export function formatReport(subjects: readonly FormatSubject[], machine: string): string {
  const missing = subjects.filter(({ result }) => "failed" in result).length;
  return [
    "# Models of other formats",
    "",
    `Made by \`npm run results:formats\` (${machine}). Each model was trained or exported by others. It is converted, and executed by its own runtime and by ONNX Runtime on the same 16 inputs, extremes among them: the largest difference stands beside the largest value of the output (one at least), and for how many rows of the outputs the largest value is the same. Inputs for which a model moves as far with changes of the input as small as rounding are counted as such. int8: static quantisation with its defaults, calibrated on 64 made-up inputs and compared on 128 others, which says nothing about accuracy on real ones.`,
    "",
    `${subjects.length - missing} of ${subjects.length} models are converted.`,
    "",
    tableOf(
      [
        "model",
        "origin",
        "format",
        "original run by",
        "largest difference",
        "same class",
        "sensitive inputs",
      ],
      subjects.map(({ name, origin, licence, result }) => {
        const about = [name, `${origin} (${licence})`];
        if ("failed" in result) return [...about, "", result.failed, "", "", ""];
        const { format, parity } = result.conversion;
        const worst = parity.outputs.toSorted((a, b) => b.maxRelative - a.maxRelative)[0];
        return [
          ...about,
          named[format],
          parity.reference,
          (worst?.maxRelative ?? Number.NaN).toPrecision(2),
          worst?.sameArgMax === undefined ? "" : `${(100 * worst.sameArgMax).toFixed(0)} %`,
          `${parity.sensitive} of ${parity.inputs}`,
        ];
      }),
    ),
    "",
    tableOf(
      [
        "model",
        "parameters",
        "MACs",
        "ONNX, bytes",
        "transpositions left",
        "kind",
        "int8, bytes",
        "int8 beside it",
      ],
      subjects.flatMap(({ name, result }) => {
        if ("failed" in result) return [];
        const { conversion, parameters, macs, bytes, quantization, int8 } = result;
        const { before, after } = conversion.transposes;
        return [
          [
            name,
            parameters.toLocaleString("en"),
            macs === null ? "not known" : macs.toLocaleString("en"),
            bytes.toLocaleString("en"),
            `${after} of ${before}`,
            quantization === "none" ? "float" : quantization,
            "reason" in int8 ? "" : int8.bytes.toLocaleString("en"),
            "reason" in int8 ? int8.reason.slice(0, 200) : besideText(int8),
          ],
        ];
      }),
    ),
    "",
  ].join("\n");
}

function besideText({
  maxRelative,
  sameArgMax,
}: {
  maxRelative: number;
  sameArgMax: number | undefined;
}): string {
  const same = sameArgMax === undefined ? "" : `, same class ${(100 * sameArgMax).toFixed(1)} %`;
  return `differs by ${maxRelative.toPrecision(2)} at most${same}`;
}

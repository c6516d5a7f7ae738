import { meanOf } from "../student-t.ts";
import { tableOf } from "../table.ts";
import { type Network, seeds } from "./networks.ts";
import type { DeepResult } from "./result.schema.ts";

const percent = (share: number, digits = 2) => (100 * share).toFixed(digits);

/** Whether a seed reaches what is aimed at. */
export function reaches(network: Network, { score }: DeepResult): boolean {
  return (
    ratioOf(network, score.deepBytes) > network.ratioGoal &&
    score.errors / score.testItems <= network.errorGoal / 100 &&
    score.baselineErrors / score.testItems <= network.baselineGoal / 100 &&
    score.increaseHigh <= 0.002
  );
}

function ratioOf({ parameters }: Network, bytes: number): number {
  return (4 * parameters) / bytes;
}

/** The section of one network: every seed. */
export function networkSection(network: Network, recipe: string, results: readonly DeepResult[]): string {
  const rows = results.map((result) => {
    const { score } = result;
    const { testItems, deepBytes, onnxBytes, weights } = score;
    const times = (bytes: number) => `${ratioOf(network, bytes).toFixed(1)} ×`;
    return [
      String(result.seed),
      `${percent(score.baselineErrors / testItems)} %`,
      `${percent(score.errors / testItems)} %`,
      `${percent(score.increase)} [${percent(score.increaseLow)}, ${percent(score.increaseHigh)}]`,
      percent(score.sparsity, 1),
      deepBytes.toLocaleString("en"),
      `**${times(deepBytes)}**`,
      `${(onnxBytes / deepBytes).toFixed(1)} ×`,
      times(weights.huffman),
      times(weights.arithmetic),
      reaches(network, result) ? "yes" : "no",
    ];
  });
  const { earlier, published, ratioGoal, errorGoal, baselineGoal } = network;
  const increase = meanOf(results.map(({ score }) => score.increase));
  const pooled = Number.isNaN(increase.half)
    ? ""
    : ` Increase over the seeds: ${percent(increase.mean)} ± ${percent(increase.half)} points (95 %, Student's t, each seed beside its own baseline); its upper end, ${percent(increase.mean + increase.half)}, is ${increase.mean + increase.half <= 0.002 ? "within" : "above"} the goal of 0.2.`;
  const minutes = results.reduce((sum, result) => sum + result.minutes, 0);
  return [
    `## ${network.title}`,
    "",
    `${network.parameters.toLocaleString("en")} parameters, ${(4 * network.parameters).toLocaleString("en")} bytes dense. Published: ${published.before} % → ${published.after} % at ${published.ratio} ×. Goal: more than ${ratioGoal} × with at most ${errorGoal} % error, a baseline of at most ${baselineGoal} %, and at most 0.2 points more errors at the upper end of the interval.`,
    "",
    tableOf(
      [
        "seed",
        "baseline's error",
        "error",
        "increase, points [95 %]",
        "zeros, %",
        "deep file, bytes",
        "dense / deep file",
        "ONNX / deep file",
        "weights alone, Huffman",
        "weights alone, arithmetic",
        "goal",
      ],
      rows,
    ),
    "",
    `${results.length} of ${seeds.length} seeds, ${minutes.toFixed(0)} minutes (${results[0]?.machine ?? ""}).${pooled}`,
    "",
    ...(earlier === undefined
      ? []
      : [`The test split had been opened for an earlier recipe: ${earlier}`, ""]),
    "```yaml",
    recipe.trimEnd(),
    "```",
    "",
  ].join("\n");
}

export function introduction(baseline: string): string {
  return [
    "# Deep Compression, reproduced",
    "",
    "Made by `npm run results:deep-compression` from the recipes below (Han, Mao and Dally 2016, arXiv 1510.00149: pruning, shared values, Huffman's code). MNIST, 60,000 items to train on of which 5,000 are kept apart to choose by, 10,000 to test on. The recipes were chosen on those 5,000; the test split is opened once for each model of this page, in a process of its own that decodes the file and knows nothing else.",
    "",
    "**Counted**: 4 bytes × parameters of the dense network over the whole `.parsimony` file, with header, graph, names, code books, tables, indices and biases. Beside it the ONNX file over the deep file; and, as the paper counts, the dense network over what the weight tensors alone take: as they stand in the file (canonical Huffman), and by adaptive arithmetic coding (`bin/bench/deep-compression/sparse-matrix.ts`, which decodes what it counts; no file holds it). The interval of the increase is Tango's for paired shares. The compressed network is trained further than its baseline, so that a part of what it does not lose, or wins, is that.",
    "",
    "The baseline, the same for both networks but for the weights that a seed gives:",
    "",
    "```yaml",
    baseline.trimEnd(),
    "```",
    "",
  ].join("\n");
}

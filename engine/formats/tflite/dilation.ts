import type { LiteGraph, LiteOperator, LiteTensor } from "./reader/lite-model.ts";
import { optionTables, readOptions } from "./reader/options.ts";
import { wholeNumbers } from "./writer/constants.ts";

const optionsOf = { CONV_2D: optionTables.conv2d, DEPTHWISE_CONV_2D: optionTables.depthwiseConv2d } as const;

/**
 * SPACE_TO_BATCH_ND, a convolution of stride 1 and BATCH_TO_SPACE_ND are one convolution with a dilation of the block: older
 * converters write it so (F. Yu, V. Koltun, "Multi-Scale Context Aggregation by Dilated Convolutions", ICLR 2016). Padding is
 * what the first pads, and the convolution within a block, less what the last crops. Triples that are something else stay.
 */
export function withDilations(graph: LiteGraph, operators: readonly LiteOperator[]): LiteOperator[] {
  const readers = new Map<number, LiteOperator[]>();
  for (const operator of operators)
    for (const index of operator.inputs)
      readers.set(index, [...(readers.get(index) ?? []).slice(0, 1), operator]);
  const only = (operator: LiteOperator, name: (name: string) => boolean): LiteOperator | undefined => {
    const [output = -1] = operator.outputs;
    const [reader, another] = readers.get(output) ?? [];
    const isInner = another === undefined && !graph.outputs.includes(output) && reader?.inputs[0] === output;
    return reader !== undefined && isInner && name(reader.name) ? reader : undefined;
  };
  const gone = new Set<LiteOperator>();
  const made = new Map<LiteOperator, LiteOperator>();
  for (const first of operators) {
    if (first.name !== "SPACE_TO_BATCH_ND") continue;
    const middle = only(first, (name) => name === "CONV_2D" || name === "DEPTHWISE_CONV_2D");
    const last = middle && only(middle, (name) => name === "BATCH_TO_SPACE_ND");
    const dilated = middle && last && join(graph, first, middle, last);
    if (dilated === undefined || middle === undefined || last === undefined) continue;
    gone.add(first).add(middle);
    made.set(last, dilated);
  }
  return operators.flatMap((operator) => (gone.has(operator) ? [] : [made.get(operator) ?? operator]));
}

function join(
  { tensors }: LiteGraph,
  first: LiteOperator,
  middle: LiteOperator,
  last: LiteOperator,
): LiteOperator | undefined {
  const options = readOptions(
    middle.options,
    middle.name === "CONV_2D" ? optionsOf.CONV_2D : optionsOf.DEPTHWISE_CONV_2D,
  );
  if (options.strideH !== 1 || options.strideW !== 1 || options.dilationH !== 1 || options.dilationW !== 1)
    return undefined;
  const list = (operator: LiteOperator, at: number) => constants(tensors[operator.inputs[at] ?? -1]);
  const [blocks, again, pads, crops] = [list(first, 1), list(last, 1), list(first, 2), list(last, 2)];
  const kernel = tensors[middle.inputs[1] ?? -1]?.shape ?? [];
  if (blocks?.length !== 2 || blocks.join() !== again?.join() || pads?.length !== 4 || crops?.length !== 4)
    return undefined;
  const sides = [0, 1].map((axis) => {
    const block = blocks[axis] ?? 1;
    // Within a block stride 1 pads so much, whatever its size.
    const inner = options.padding === 0 ? Math.max(0, (kernel[axis + 1] ?? 1) - 1) : 0;
    const before = (pads[2 * axis] ?? 0) + block * Math.floor(inner / 2) - (crops[2 * axis] ?? 0);
    const after = (pads[2 * axis + 1] ?? 0) + block * Math.ceil(inner / 2) - (crops[2 * axis + 1] ?? 0);
    return { block, before, after };
  });
  if (sides.some(({ block, before, after }) => block < 1 || before < 0 || after < 0)) return undefined;
  return {
    ...middle,
    inputs: [first.inputs[0] ?? -1, ...middle.inputs.slice(1)],
    outputs: last.outputs,
    dilated: {
      dilations: sides.map(({ block }) => block),
      pads: [...sides.map(({ before }) => before), ...sides.map(({ after }) => after)],
    },
  };
}

function constants(tensor: LiteTensor | undefined): number[] | undefined {
  return tensor?.data === undefined ? undefined : wholeNumbers(tensor);
}

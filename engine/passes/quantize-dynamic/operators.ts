import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { microsoftDomain } from "../domains.ts";
import type { Plan } from "./plan.ts";
import {
  ensureFloat,
  findQuantized,
  type GraphState,
  onlyQuantized,
  type QuantizedNames,
  type Quantizer,
  quantizeActivation,
} from "./state.ts";

type PlanOf<Kind extends Plan["kind"]> = Extract<Plan, { kind: Kind }>;

/** `name` with a suffix, or no name where the node has none. */
function suffixed(quantizer: Quantizer, name: string | undefined, suffix: string): string | undefined {
  return name ? quantizer.nodeName(name + suffix) : undefined;
}

/**
 * Integer product → float: the integers are cast and multiplied by the product of both scales.
 *
 * @param integers output of MatMulInteger or ConvInteger
 * @param nodeName of the integer node, "" where it has none
 */
function rescale(
  quantizer: Quantizer,
  state: GraphState,
  integers: string,
  nodeName: string | undefined,
  scales: readonly [string, string],
  output: string,
): void {
  const cast = quantizer.valueName(`${integers}_cast_output`);
  state.nodes.push(
    makeNode("Cast", [integers], [cast], {
      name: quantizer.nodeName(`${integers}_cast`),
      attribute: [makeInt("to", dtypes.float32.code)],
    }),
  );
  const shared = scales.join("_");
  let product = nodeName ? undefined : state.scaleProducts.get(shared);
  if (product === undefined) {
    const name = quantizer.nodeName(nodeName ? `${nodeName}_scales_mul` : `${shared}_mul`);
    product = quantizer.valueName(`${name}:0`);
    if (!nodeName) state.scaleProducts.set(shared, product);
    state.nodes.push(makeNode("Mul", [...scales], [product], { name }));
  }
  state.nodes.push(
    makeNode("Mul", [cast, product], [output], {
      name: suffixed(quantizer, nodeName, "_output_scale_mul"),
    }),
  );
}

/** MatMul, or Gemm taken apart into MatMul and Add. */
export function emitMatMul(
  quantizer: Quantizer,
  state: GraphState,
  { node, gemm }: PlanOf<"matmul">,
  weight: QuantizedNames,
): void {
  const [activation = "", , bias = ""] = node.input;
  const output = node.output[0] ?? "";
  const added = gemm && bias !== "";
  const name = gemm ? suffixed(quantizer, node.name, "_MatMul") : node.name;
  const product = added ? quantizer.valueName(`${output}_MatMul`) : output;
  const input = quantizeActivation(quantizer, state, activation);
  const integers = quantizer.valueName(`${product}_output_quantized`);
  const integerName = suffixed(quantizer, name, "_quant");
  state.nodes.push(
    makeNode("MatMulInteger", [input.value, weight.value, input.zeroPoint, weight.zeroPoint], [integers], {
      name: integerName,
    }),
  );
  rescale(quantizer, state, integers, integerName, [input.scale, weight.scale], product);
  if (!added) return;
  ensureFloat(quantizer, state, bias);
  state.nodes.push(
    makeNode("Add", [product, bias], [output], { name: suffixed(quantizer, node.name, "_Add") }),
  );
}

/** The table is read as integers; whoever needs floats dequantises the rows that were read. */
export function emitGather(
  quantizer: Quantizer,
  state: GraphState,
  { node }: PlanOf<"gather">,
  table: QuantizedNames,
): void {
  const output = node.output[0] ?? "";
  ensureFloat(quantizer, state, node.input[1] ?? "");
  const value = quantizer.valueName(`${output}_quantized`);
  onlyQuantized(state, output, { ...table, value });
  state.nodes.push({ ...node, input: [table.value, ...node.input.slice(1)], output: [value] });
}

/** A transposition of values that are quantised already; of others it stays as it is. */
export function emitTranspose(
  quantizer: Quantizer,
  state: GraphState,
  { node }: PlanOf<"transpose">,
): boolean {
  const input = findQuantized(quantizer, state, node.input[0] ?? "");
  if (input === undefined) return false;
  const output = node.output[0] ?? "";
  const value = quantizer.valueName(`${output}_quantized`);
  onlyQuantized(state, output, { ...input, value });
  state.nodes.push({ ...node, input: [input.value], output: [value] });
  return true;
}

export function emitLstm(
  quantizer: Quantizer,
  state: GraphState,
  { node }: PlanOf<"lstm">,
  [input, recurrent]: readonly [QuantizedNames, QuantizedNames],
): void {
  for (const [position, name] of node.input.entries()) {
    if (position !== 1 && position !== 2) ensureFloat(quantizer, state, name);
  }
  const at = (position: number) => node.input[position] ?? "";
  state.nodes.push(
    makeNode(
      "DynamicQuantizeLSTM",
      [
        at(0),
        input.value,
        recurrent.value,
        ...[3, 4, 5, 6, 7].map(at),
        input.scale,
        input.zeroPoint,
        recurrent.scale,
        recurrent.zeroPoint,
      ],
      node.output,
      {
        name: suffixed(quantizer, node.name, "_quant"),
        domain: microsoftDomain,
        // `layout` is 0 here, and the quantised operator does not know it.
        attribute: node.attribute.filter((attribute) => attribute.name !== "layout"),
      },
    ),
  );
}

export function emitConv(
  quantizer: Quantizer,
  state: GraphState,
  { node, weight: { tensor } }: PlanOf<"conv">,
  weight: QuantizedNames,
): void {
  const [activation = "", , bias = ""] = node.input;
  const output = node.output[0] ?? "";
  const input = quantizeActivation(quantizer, state, activation);
  const integers = quantizer.valueName(`${output}_output_quantized`);
  const name = suffixed(quantizer, node.name, "_quant");
  state.nodes.push(
    makeNode("ConvInteger", [input.value, weight.value, input.zeroPoint, weight.zeroPoint], [integers], {
      name,
      attribute: node.attribute,
    }),
  );
  const scaled = bias === "" ? output : quantizer.valueName(`${output}quant_scaled_output`);
  rescale(quantizer, state, integers, name, [input.scale, weight.scale], scaled);
  if (bias === "") return;
  ensureFloat(quantizer, state, bias);
  const rank = tensor.dims.length;
  const shape = quantizer.valueName(`${output}_bias_reshape_shape`);
  const reshaped = quantizer.valueName(`${output}_bias_reshape_output`);
  const axes = BigInt64Array.from({ length: rank }, (_, axis) => (axis === 1 ? -1n : 1n));
  state.graph.initializer.push(makeTensor(shape, "int64", [rank], axes));
  state.nodes.push(
    makeNode("Reshape", [bias, shape], [reshaped]),
    makeNode("Add", [scaled, reshaped], [output], { name: quantizer.nodeName(`${output}_bias_add`) }),
  );
}

export function emitAttention(
  quantizer: Quantizer,
  state: GraphState,
  { node }: PlanOf<"attention">,
  weight: QuantizedNames,
): void {
  for (const position of [2, 3, 4]) ensureFloat(quantizer, state, node.input[position] ?? "");
  const input = quantizeActivation(quantizer, state, node.input[0] ?? "");
  const at = (position: number) => node.input[position] ?? "";
  const quantized: Node = makeNode(
    "QAttention",
    [
      input.value,
      weight.value,
      at(2),
      input.scale,
      weight.scale,
      at(3),
      input.zeroPoint,
      weight.zeroPoint,
      at(4),
    ],
    node.output,
    { name: suffixed(quantizer, node.name, "_quant"), domain: microsoftDomain, attribute: node.attribute },
  );
  state.nodes.push(quantized);
}

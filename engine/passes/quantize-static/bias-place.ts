import { floatAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { reportName } from "../pass.ts";
import type { FloatNetwork } from "./float-network.ts";

/** Where something can be added to each output channel of a linear operator. */
export interface BiasPlace {
  readonly node: Node;
  readonly position: number;
  /** By which the operator multiplies what stands there. */
  readonly factor: number;
}

/**
 * The bias of a linear operator: its own input, whether there is one yet or not, or the constant of the Add behind a
 * MatMul. Gives the reason, as the end of a sentence, where there is none.
 */
export function biasPlace(network: FloatNetwork, node: Node, channels: number): BiasPlace | string {
  if (node.opType === "MatMul") return addBehind(network, node, channels);
  const factor = node.opType === "Gemm" ? (floatAttribute(node, "beta") ?? 1) : 1;
  if (!Number.isFinite(factor) || factor === 0) return "its beta is 0";
  const name = node.input[2] ?? "";
  if (name !== "" && !network.isVector(name, channels)) return "its bias is no constant per channel";
  return { node, position: 2, factor };
}

function addBehind(network: FloatNetwork, node: Node, channels: number): BiasPlace | string {
  const output = node.output[0] ?? "";
  const [use] = network.value(output)?.uses ?? [];
  if (use === undefined || use.node.opType !== "Add" || !network.isReadOnce(output)) {
    return "no Add of a constant follows that could take it";
  }
  const position = 1 - use.position;
  if (!network.isVector(use.node.input[position] ?? "", channels))
    return "what is added behind it is no constant per channel";
  if (!network.mayEdit(use.node)) return `Add "${reportName(use.node)}" is left out by its name`;
  return { node: use.node, position, factor: 1 };
}

/** Adds to the constant there, or makes one. */
export function addToBias(network: FloatNetwork, place: BiasPlace, amounts: Float64Array): void {
  const { node, position, factor } = place;
  const each = (value: number, channel: number) => value + (amounts[channel] ?? 0) / factor;
  if ((node.input[position] ?? "") !== "") network.changeVector(node, position, amounts.length, each);
  else
    network.replace(
      node,
      position,
      [amounts.length],
      Float32Array.from(amounts, (_, at) => each(0, at)),
    );
}

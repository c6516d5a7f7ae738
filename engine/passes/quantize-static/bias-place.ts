import { floatAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { nodeRemark } from "../pass.ts";
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
 * MatMul. Gives the reason where there is none.
 */
export function biasPlace(network: FloatNetwork, node: Node, channels: number): BiasPlace | EngineRemark {
  if (node.opType === "MatMul") return addBehind(network, node, channels);
  const factor = node.opType === "Gemm" ? (floatAttribute(node, "beta") ?? 1) : 1;
  if (!Number.isFinite(factor) || factor === 0) return say("quantize-static-preparations.zeroBeta");
  const name = node.input[2] ?? "";
  if (name !== "" && !network.isVector(name, channels)) return say("quantize-static-preparations.biasVaries");
  return { node, position: 2, factor };
}

function addBehind(network: FloatNetwork, node: Node, channels: number): BiasPlace | EngineRemark {
  const output = node.output[0] ?? "";
  const [use] = network.value(output)?.uses ?? [];
  if (use === undefined || use.node.opType !== "Add" || !network.isReadOnce(output)) {
    return say("quantize-static-preparations.noAdd");
  }
  const position = 1 - use.position;
  if (!network.isVector(use.node.input[position] ?? "", channels))
    return say("quantize-static-preparations.addedVaries");
  if (!network.mayEdit(use.node))
    return say("quantize-static-preparations.leftOut", { node: nodeRemark(use.node) });
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

import type { Convert } from "../source.ts";
import { findModelJson } from "./artifact/model-json.ts";
import { notFinite } from "./artifact/not-finite.ts";
import { readWeights } from "./artifact/weights.ts";
import { convertGraph } from "./graph-model/convert-graph.ts";
import { convertLayers } from "./keras/convert-layers.ts";

/**
 * A model of TensorFlow.js as an ONNX graph of opset 18: a LayersModel (Keras) or a GraphModel (TensorFlow), from its
 * `model.json` and the shards beside it. See docs/engine/formats/tensorflow-js.md.
 *
 * @throws EngineError "not-a-model", "truncated", "malformed", "limit-exceeded", "data-mismatch"; "unsupported" with
 *   everything that is missing
 */
export const convertTensorflowJs: Convert = (files) => {
  const found = findModelJson(files);
  const { modelTopology: topology } = found.json;
  const weights = readWeights(files, found);
  const { model, operators, notes } = Array.isArray(topology.node)
    ? convertGraph(found.json, weights)
    : convertLayers(topology, weights);
  return { model, operators, notes: [...notes, ...notFinite(weights)] };
};

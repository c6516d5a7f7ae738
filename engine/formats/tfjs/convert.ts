import { EngineError } from "#engine/error.ts";
import { plain } from "#engine/onnx/quote.ts";
import type { Convert } from "../source.ts";
import { findModelJson } from "./artifact/model-json.ts";
import { notFinite } from "./artifact/not-finite.ts";
import { readWeights } from "./artifact/weights.ts";
import { convertLayers } from "./keras/convert-layers.ts";

/**
 * A model of TensorFlow.js as an ONNX graph of opset 18: a LayersModel (Keras) or a GraphModel (TensorFlow), from its
 * `model.json` and the shards beside it. See docs/engine/formats/tensorflow-js.md.
 *
 * @throws EngineError "not-a-model", "truncated", "malformed", "limit-exceeded", "file-failed"; "unsupported" with
 *   everything that is missing
 */
export const convertTensorflowJs: Convert = (files) => {
  const found = findModelJson(files);
  const { modelTopology: topology } = found.json;
  const weights = readWeights(files, found);
  if (Array.isArray(topology.node)) {
    throw new EngineError("unsupported", "GraphModels are not converted", plain(found.name));
  }
  const { model, operators, notes } = convertLayers(topology, weights);
  return { model, operators, notes: [...notes, ...notFinite(weights)] };
};

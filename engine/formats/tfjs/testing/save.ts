import * as tf from "@tensorflow/tfjs";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import { filesOf, type SourceFiles } from "../../source.ts";

const utf8 = new TextEncoder();

/** A model.json and its one shard, as TensorFlow.js writes them. */
export interface Saved {
  readonly json: {
    modelTopology: Record<string, unknown>;
    weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
    format?: string;
    signature?: unknown;
    userDefinedMetadata?: unknown;
  };
  readonly weights: Uint8Array;
}

/** What TensorFlow.js would write to disk. */
export async function saved(model: tf.LayersModel): Promise<Saved> {
  let found: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      found = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  // Through text, as a file is.
  const modelTopology: Record<string, unknown> = JSON.parse(JSON.stringify(found.modelTopology));
  const { weightSpecs = [], weightData } = found;
  const data = Array.isArray(weightData) ? tf.io.CompositeArrayBuffer.join(weightData) : weightData;
  return {
    json: {
      modelTopology,
      weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }],
      format: "layers-model",
    },
    weights: new Uint8Array(data ?? new ArrayBuffer(0)),
  };
}

export function filesFor({ json, weights }: Saved): SourceFiles {
  return filesOf({ "model.json": utf8.encode(JSON.stringify(json)), "weights.bin": weights });
}

/** Gives every weight values other than those it starts with: zeros and ones would hide what is wrong. */
export function randomize(model: tf.LayersModel, seed: number): void {
  const weights = model.weights.map((weight, at) => {
    const count = weight.shape.reduce<number>((product, dim) => product * (dim ?? 1), 1);
    const values = Float32Array.from(noise(count, seed + at), (value) => value * 0.7);
    // What is divided by is positive.
    const isVariance = weight.originalName.includes("variance");
    const shape = weight.shape.map((dim) => dim ?? 1);
    return tf.tensor(isVariance ? values.map((value) => 1 + value) : values, shape);
  });
  model.setWeights(weights);
  tf.dispose(weights);
}

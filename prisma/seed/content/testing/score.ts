import { InferenceSession } from "onnxruntime-node";
import { type Dataset, loadDataset, rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { makeFeeds } from "#engine/evaluate/dataset/feeds.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import type { ModelSignature } from "#engine/evaluate/tensors/tensor.ts";
import { asDataType, toRuntime } from "#engine/runtime/tensors.ts";
import { argMax } from "../training/crossEntropy.ts";
import type { DemoDataset } from "../types.ts";

/** Loads a demo dataset through its manifest, as a run does. */
export function load(demo: DemoDataset): Dataset {
  return loadDataset(parseManifest(demo.manifestText), (name) => {
    const bytes = demo.files.get(name);
    if (bytes === undefined) throw new Error(`the manifest of ${demo.name} names a missing file: ${name}`);
    return bytes;
  });
}

/**
 * Share of the test split that a model gets wrong in ONNX Runtime: another class than the label, or a rating that
 * is off by more than one star.
 */
export async function testError(bytes: Uint8Array, dataset: Dataset): Promise<number> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const { labels } = dataset;
  const rows = rowsOf(dataset, "test");
  if (labels === undefined) throw new Error("nothing to compare with");
  let wrong = 0;
  for (const batch of makeFeeds(dataset, signatureOf(session), rows, 500)) {
    const feeds = Object.entries(batch.feeds).map(([name, tensor]) => [name, toRuntime(tensor)] as const);
    const [output] = Object.values(await session.run(Object.fromEntries(feeds)));
    if (output === undefined || !(output.data instanceof Float32Array)) throw new Error("no float32 output");
    const scores = output.data;
    const width = scores.length / batch.rows.length;
    batch.rows.forEach((row, item) => {
      const own = scores.subarray(item * width, (item + 1) * width);
      const label = labels.values[row]!;
      const right = labels.kind === "class" ? argMax(own) === label : Math.abs(own[0]! - label) <= 1;
      if (!right) wrong++;
    });
  }
  await session.release();
  return wrong / rows.length;
}

function signatureOf(session: InferenceSession): ModelSignature {
  const describe = (value: InferenceSession.ValueMetadata) => {
    if (!value.isTensor) throw new Error(`${value.name} is no tensor`);
    return { name: value.name, dtype: asDataType(value.type, value.name), shape: value.shape };
  };
  return { inputs: session.inputMetadata.map(describe), outputs: session.outputMetadata.map(describe) };
}

import { EngineError } from "#engine/error.ts";
import { loadDataset } from "#engine/evaluate/dataset/dataset.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { signatureInputs } from "#engine/inspect/signature.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { TrainingTools } from "#engine/passes/training/tools.ts";

const items = 4;
/** Values of an item that are still worth making. */
const mostValues = 65_536;

const refuse = () => Promise.reject(new EngineError("runtime-refused", "Nothing is executed here"));

/**
 * What a technique that trains is given for a hostile model: four items that fit what the model declares, so that its
 * gradients are built, and a runtime that refuses the graph. Undefined where no item can be made.
 */
export function trainingFor(model: Model): TrainingTools | undefined {
  const files = new Map<string, Uint8Array>();
  const inputs = signatureInputs(model).map(({ name, shape }, at) => {
    const dims = (shape ?? []).slice(1).map((size) => (typeof size === "number" ? size : 1));
    const count = dims.reduce((product, size) => product * size, 1);
    if (count > 0 && count <= mostValues && dims.length < 8) files.set(`x${at}`, idx([items, ...dims]));
    return { to: name, from: `x${at}` };
  });
  if (inputs.length === 0 || inputs.length > 64 || files.size < inputs.length) return undefined;
  files.set("label", idx([items]));
  const names = Object.fromEntries([...files.keys()].map((name) => [name, name]));
  const manifest = {
    name: "four items",
    task: givesClasses(model) ? "classification" : "regression",
    splits: { train: names, tuning: 1 },
    inputs,
    label: { from: "label" },
  };
  if (inputs.some(({ to }) => to === "")) return undefined;
  const dataset = loadDataset(
    parseManifest(JSON.stringify(manifest)),
    (name) => files.get(name) ?? Uint8Array.of(),
  );
  return { dataset, open: refuse, execute: refuse, availableBytes: 2 ** 31, teacher: undefined };
}

function givesClasses({ graph: { output } }: Model): boolean {
  const dims = output[0]?.type?.tensorType?.shape?.dim ?? [];
  return dims.length > 1 && dims.at(-1)?.dimValue !== 1;
}

/** A file of bytes 0 and 1 in turns. */
function idx(dims: readonly number[]): Uint8Array {
  const count = dims.reduce((product, size) => product * size, 1);
  const head = 4 + 4 * dims.length;
  const bytes = new Uint8Array(head + count).map((_, at) => (at < head ? 0 : (at - head) % 2));
  bytes.set([0, 0, 8, dims.length]);
  const view = new DataView(bytes.buffer);
  for (const [at, size] of dims.entries()) view.setUint32(4 + 4 * at, size);
  return bytes;
}

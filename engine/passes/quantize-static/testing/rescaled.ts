import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { type EnglishReport, reportInEnglish } from "../../in-english.ts";
import { silent } from "../../pass.ts";
import { quantizeStaticSchema } from "../../quantize.static.schema.ts";
import { chooseNodes } from "../choose.ts";
import { type Improvement, rescale } from "../improve.ts";
import { settleWeights } from "../prepare.ts";
import { randomCalibration } from "./random.ts";

export interface Rescaled extends Omit<Improvement, "changed" | "skipped">, EnglishReport {
  readonly model: Model;
  /** Values of an input of a node of the new model that is a constant. */
  floats(node: string, position: number): Float32Array;
  node(name: string): Node;
}

/** The model as it is after SmoothQuant or equalisation, still in float32. */
export async function rescaled(
  source: Model,
  options: object,
  calibration = randomCalibration({ batches: 60, batch: 4 }),
): Promise<Rescaled> {
  const model = cloneStructure(source);
  const step = quantizeStaticSchema.parse({ use: "quantize.static", ...options });
  settleWeights(model);
  const { chosen } = chooseNodes(indexModel(model), step);
  const done = await rescale(model, step, chosen, { ...silent, load: loadExecutable, calibration });
  const find = (name: string) => {
    const node = model.graph.node.find((entry) => entry.name === name);
    if (node === undefined) throw new Error(`no node "${name}"`);
    return node;
  };
  return {
    ...done,
    ...reportInEnglish(done),
    model,
    node: find,
    floats: (name, position) => {
      const tensor = model.graph.initializer.find((entry) => entry.name === find(name).input[position]);
      if (tensor === undefined) throw new Error(`input ${position} of "${name}" is no constant`);
      return readFloats(tensor);
    },
  };
}

/** The largest magnitude of each row, or of each column, of a row-major matrix. */
export function largest(values: Float32Array, columns: number, of: "rows" | "columns"): number[] {
  const found: number[] = [];
  values.forEach((value, at) => {
    const line = of === "rows" ? Math.floor(at / columns) : at % columns;
    found[line] = Math.max(found[line] ?? 0, Math.abs(value));
  });
  return found;
}

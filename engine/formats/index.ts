import type { Model } from "#engine/onnx/model.ts";
import type { Conversion, ForeignFormat } from "./conversion.schema.ts";
import { moveTransposes } from "./layout/index.ts";
import type { Convert, SourceFiles } from "./source.ts";

/** Loaded when they are needed: most models are ONNX already. */
const converters: Readonly<Record<ForeignFormat, () => Promise<Convert>>> = {
  "tensorflow-js": async () => (await import("./tfjs/convert.ts")).convertTensorflowJs,
  "tensorflow-lite": async () => (await import("./tflite/convert.ts")).convertTensorFlowLite,
};

/** A conversion that nobody has checked yet. */
export interface Unchecked extends Omit<Conversion, "parity"> {
  readonly model: Model;
}

/**
 * Makes an ONNX graph of the files of a model, with as few transpositions as its layout allows.
 *
 * @throws EngineError as `Convert` says
 */
export async function convertFiles(format: ForeignFormat, files: SourceFiles): Promise<Unchecked> {
  const convert = await converters[format]();
  const { model, operators, notes } = convert(files);
  const transposes = moveTransposes(model);
  return { format, model, operators, notes: [...notes], transposes };
}

import { EngineError } from "#engine/error.ts";
import { type Sniffed, sniffFormat } from "#engine/onnx/sniff.ts";
import type { ForeignFormat } from "./conversion.schema.ts";
import type { SourceFiles } from "./source.ts";

/** What a person can do with a format that is not read here. */
const ways: Readonly<Partial<Record<Sniffed["kind"], string>>> = {
  pickle: 'export it where it was made: `torch.onnx.export(model, example, "model.onnx")`',
  hdf5: "convert it where Keras runs: `python -m tf2onnx.convert --keras model.h5 --output model.onnx`, or tensorflowjs_converter",
  zip: "unpack it, or export PyTorch and Keras models to ONNX where they were made",
  gguf: "register the model that it was made of, as ONNX",
  ort: "register the ONNX file that it was made of",
};

/**
 * Which format the files of a model have; undefined where none of them is of another format than ONNX.
 *
 * @throws EngineError "not-a-model" for what is no model or is never opened, with the way to convert it
 */
export function detectFormat(files: SourceFiles): ForeignFormat | undefined {
  const [first, ...others] = files.names;
  if (first === undefined) throw new EngineError("not-a-model", "There is no file");
  const described = files.names.filter((name) => /\.json$/i.test(name) && describesModel(files, name));
  const [description] = described;
  if (description !== undefined && described.length === 1) return "tensorflow-js";
  if (described.length > 1) throw severalModels(described);
  if (others.length > 0) throw severalModels(files.names);
  const sniffed = sniffFormat(files.read(first));
  if (sniffed.kind === "tflite") return "tensorflow-lite";
  if (sniffed.kind === "json")
    throw new EngineError(
      "not-a-model",
      "This JSON file describes no TensorFlow.js model (it has no modelTopology)",
      first,
    );
  if (sniffed.kind === "unknown") return undefined;
  const way = ways[sniffed.kind];
  throw new EngineError("not-a-model", `This is ${sniffed.description}${way ? `; ${way}` : ""}`, first);
}

/** Longest description of a model that is looked at. */
const mostDescription = 2 ** 27;

/** A description of a TensorFlow.js model names its topology at the outermost level. */
function describesModel(files: SourceFiles, name: string): boolean {
  const bytes = files.read(name);
  if (bytes.length > mostDescription) return false;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return parsed instanceof Object && Object.hasOwn(parsed, "modelTopology");
  } catch {
    return false;
  }
}

function severalModels(names: readonly string[]): EngineError {
  const listed = names.slice(0, 5).join(", ");
  return new EngineError(
    "not-a-model",
    `These files are not the files of one model: ${listed}${names.length > 5 ? ", …" : ""}; hand over one model at a time, with all its files`,
  );
}

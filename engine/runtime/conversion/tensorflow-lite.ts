import { EngineError } from "../../error.ts";
import type { DataType, HostTensor, NumericData } from "../../evaluate/tensors/tensor.ts";
import type { Ports, ReferenceModel } from "../../formats/reference.ts";
import type { SourceFiles } from "../../formats/source.ts";
import type { LiteTensor } from "../../formats/tflite/reader/lite-model.ts";
import { readLiteModel } from "../../formats/tflite/reader/read-model.ts";
import { readFiles } from "../../formats/tflite/source-file.ts";
import { liteRt, liteRtVersion } from "./litert.ts";

type NumericType = Exclude<DataType, "string">;
type Constructor = new (buffer: ArrayBuffer) => NumericData;

/** Typed arrays of the element types that both runtimes have. */
const arrays: Readonly<Partial<Record<string, { readonly dtype: NumericType; readonly make: Constructor }>>> =
  {
    float32: { dtype: "float32", make: Float32Array },
    float16: { dtype: "float16", make: Uint16Array },
    int8: { dtype: "int8", make: Int8Array },
    uint8: { dtype: "uint8", make: Uint8Array },
    int16: { dtype: "int16", make: Int16Array },
    int32: { dtype: "int32", make: Int32Array },
    int64: { dtype: "int64", make: BigInt64Array },
    bool: { dtype: "bool", make: Uint8Array },
  };

/** A TensorFlow Lite model as LiteRT executes it. */
export async function openTensorFlowLite(files: SourceFiles, ports: Ports): Promise<ReferenceModel> {
  const bytes = readFiles(files);
  const { graph } = readLiteModel(bytes);
  const session = await liteRt(bytes).catch((error: unknown) => {
    throw refused(error);
  });
  const tensorsAt = (indices: readonly number[]) => indices.flatMap((index) => graph.tensors[index] ?? []);
  const [inputs, outputs] = [tensorsAt(graph.inputs), tensorsAt(graph.outputs)];
  return {
    name: `LiteRT ${liteRtVersion()}`,
    run: async (feeds) => {
      const given = inputs.map((tensor, at) => {
        const fed = feeds[ports.inputs[at] ?? ""];
        return { type: tensor.type, shape: tensor.shape, bytes: bytesOf(fed, tensor) };
      });
      const results = await session.run(given).catch((error: unknown) => {
        throw refused(error);
      });
      const entries = outputs.map(
        (tensor, at) => [ports.outputs[at] ?? "", tensorOf(tensor, results[at])] as const,
      );
      return Object.fromEntries(entries);
    },
    release: async () => session.close(),
  };
}

function bytesOf(fed: HostTensor | undefined, tensor: LiteTensor): Uint8Array {
  if (fed === undefined || !("buffer" in fed.data))
    throw new EngineError("data-mismatch", "The original has another input", `tensor "${tensor.name}"`);
  const { buffer, byteOffset, byteLength } = fed.data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function tensorOf(tensor: LiteTensor, bytes: Uint8Array | undefined): HostTensor {
  const found = arrays[tensor.type];
  if (found === undefined || bytes === undefined)
    throw new EngineError(
      "unsupported",
      `Outputs of the type ${tensor.type} are not compared`,
      `tensor "${tensor.name}"`,
    );
  return { dtype: found.dtype, dims: tensor.shape, data: new found.make(new Uint8Array(bytes).buffer) };
}

function refused(error: unknown): EngineError {
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError("runtime-refused", `LiteRT does not execute the original: ${reason.slice(0, 500)}`);
}

import { EngineError } from "#engine/error.ts";
import { type DataType, dataTypes, type ModelSignature } from "#engine/evaluate/tensors/tensor.ts";
import { signatureInputs } from "#engine/inspect/signature.ts";
import type { Model } from "#engine/onnx/model.ts";

const isDataType = (name: string): name is DataType => dataTypes.some((known) => known === name);

/**
 * What a model asks of its inputs, as its file declares it.
 *
 * @throws EngineError "unsupported" for an input that is no tensor of a type that can be fed
 */
export function signatureOf(model: Model): ModelSignature {
  const inputs = signatureInputs(model).map(({ name, dtype, shape }) => {
    if (!isDataType(dtype) || shape === null)
      throw new EngineError(
        "unsupported",
        `It is declared as ${dtype}, which no dataset feeds`,
        `input "${name}"`,
      );
    return { name, dtype, shape: shape.map((size) => size ?? "") };
  });
  return { inputs, outputs: [] };
}

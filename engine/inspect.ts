import { indexModel } from "./graph/index.ts";
import { countMacs } from "./graph/macs.ts";
import { normalDomain, opsetVersions } from "./graph/scope.ts";
import { inferShapes } from "./graph/shapes/infer.ts";
import { validateModel } from "./graph/validate.ts";
import { countParameters } from "./inspect/parameters.ts";
import { quantizationKind } from "./inspect/quantization.ts";
import { signatureInputs, signatureOutputs } from "./inspect/signature.ts";
import { untrainedOf } from "./inspect/untrained.ts";
import type { Inspection } from "./inspect.schema.ts";
import { dtypeName } from "./onnx/dtypes.ts";
import { externalLocations } from "./onnx/external.ts";
import type { Model } from "./onnx/model.ts";
import { tensorBytes } from "./onnx/tensor.ts";

/**
 * Everything that is told of a model without running it. Validates it first.
 *
 * @param file.bytes size of the file, of its external data too
 * @param file.encodedBytes size of its deep form, where that is known
 * @param file.externalFiles where the external data stood that has been loaded into the model
 * @throws EngineError where the model is malformed (see `validateModel`)
 */
export function inspectModel(
  model: Model,
  file: {
    readonly bytes: number;
    readonly encodedBytes?: number;
    readonly externalFiles?: readonly string[];
  },
): Inspection {
  validateModel(model);
  const index = indexModel(model);
  const shapes = inferShapes(model);
  const macs = countMacs(model);
  const { parameters, examined, zeros } = countParameters(model, index);
  const operators = countOperators(index.scopes.map(({ body }) => body.node));
  const opsets = opsetVersions(model.opsetImport);
  const untrained = untrainedOf(model);
  return {
    format: "onnx",
    opset: opsets.get("") ?? null,
    inputs: signatureInputs(model),
    outputs: signatureOutputs(model, shapes),
    operators,
    parameters,
    bytes: file.bytes,
    ...(file.encodedBytes !== undefined && { encodedBytes: file.encodedBytes }),
    macs: macs.macs,
    initializers: index.scopes.flatMap(({ graph }) =>
      (graph?.initializer ?? []).map((tensor) => ({
        name: tensor.name ?? "",
        dtype: dtypeName(tensor.dataType),
        shape: [...tensor.dims],
        bytes: tensorBytes(tensor),
      })),
    ),
    sparsity: examined === 0 ? 0 : zeros / examined,
    zeros,
    irVersion: model.irVersion ?? null,
    opsets: Object.fromEntries([...opsets].map(([domain, version]) => [domain || "ai.onnx", version])),
    producer: { name: model.producerName ?? "", version: model.producerVersion ?? "" },
    quantization: quantizationKind(index, operators),
    functions: (model.functions ?? []).map(({ domain, name, node }) => ({
      domain: normalDomain(domain),
      name,
      nodes: node.length,
    })),
    macsAssumed: [...macs.assumed],
    macsLeftOut: [...macs.leftOut],
    macsLeftOutCount: macs.leftOutCount,
    externalFiles: [...(file.externalFiles ?? externalLocations(model))],
    warnings: shapes.problems.map(({ message }) => message),
    ...(untrained !== undefined && { untrained }),
  };
}

/** By name whatever the domain, most frequent first. */
function countOperators(bodies: readonly (readonly { opType: string }[])[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { opType } of bodies.flat()) counts.set(opType, (counts.get(opType) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

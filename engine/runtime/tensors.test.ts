import { InferenceSession } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { convertNumbers, toNumbers } from "../evaluate/tensors/elements.ts";
import { type DataType, dataTypes, type HostTensor } from "../evaluate/tensors/tensor.ts";
import { makeNode } from "../onnx/attributes.ts";
import { dtypes } from "../onnx/dtypes.ts";
import { encodeModel, joinChunks } from "../onnx/encode.ts";
import { fromRuntime, toRuntime } from "./tensors.ts";

/** A model that passes its one input on. */
async function identity(dtype: DataType): Promise<InferenceSession> {
  const value = (name: string) => ({
    name,
    type: { tensorType: { elemType: dtypes[dtype].code, shape: { dim: [{ dimParam: "N" }] } } },
  });
  const graph = {
    name: "identity",
    node: [makeNode("Identity", ["x"], ["y"])],
    initializer: [],
    input: [value("x")],
    output: [value("y")],
    valueInfo: [],
  };
  const model = { irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph };
  return InferenceSession.create(joinChunks(encodeModel(model)), { logSeverityLevel: 3 });
}

async function through(tensor: HostTensor): Promise<HostTensor> {
  const session = await identity(tensor.dtype);
  const { y } = await session.run({ x: toRuntime(tensor) });
  return fromRuntime(y!, "y");
}

describe("tensors through ONNX Runtime", () => {
  it.each(dataTypes.filter((dtype) => dtype !== "string"))("%s comes back the same", async (dtype) => {
    for (const values of [[], [1], [0, 1, 1, 0, 1, 0, 1]]) {
      const tensor = { dtype, dims: [values.length], data: convertNumbers(values, dtype, "test") };
      const back = await through(tensor);
      expect(back).toEqual(tensor);
      expect([...toNumbers(back)]).toEqual(values);
    }
  });

  it("strings come back the same", async () => {
    const tensor: HostTensor = { dtype: "string", dims: [2], data: ["a", "ü 你"] };
    expect(await through(tensor)).toEqual(tensor);
  });
});

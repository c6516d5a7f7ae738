import { z } from "zod";
import { makeInt } from "#engine/onnx/attributes.ts";
import { signal } from "../graph/signal.ts";
import { castTo, floats, type LayerRule, options, parameter, single } from "./call.ts";
import { number, off, size } from "./options.ts";

const embeddingSchema = z.object({ input_dim: size, output_dim: size, mask_zero: off });

/** Rows of a table. A mask of zeros goes with the result: layers over time refuse it. */
export const embedding: LayerRule = (call) => {
  const { input_dim: rows, output_dim: width, mask_zero: masked } = options(call, embeddingSchema);
  const x = single(call);
  const { writer, spec } = call;
  const table = parameter(call, "embeddings", [rows, width]);
  const index = x.dtype === "int32" ? x.name : writer.node("Cast", [x.name], spec.name, [castTo("int32")]);
  const name = writer.node("Gather", [table, index], spec.name, [makeInt("axis", 0)]);
  return [{ ...signal(name, [...x.dims, width]), masked }];
};

const maskingSchema = z.object({ mask_value: number(0) });

/** Zero in every step whose values all equal the mask's; the mask goes with the result. */
export const masking: LayerRule = (call) => {
  const { mask_value: value } = options(call, maskingSchema);
  const x = floats(call, 2);
  const { writer, spec } = call;
  const isMask = writer.node("Equal", [x.name, writer.float(value)], spec.name);
  const isOther = writer.node("Cast", [writer.node("Not", [isMask], spec.name)], spec.name, [
    castTo("float32"),
  ]);
  const any = writer.node("ReduceMax", [isOther, writer.ints([-1])], spec.name, [makeInt("keepdims", 1)]);
  return [{ ...x, name: writer.node("Mul", [x.name, any], spec.name), masked: true }];
};

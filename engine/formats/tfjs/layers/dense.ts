import { z } from "zod";
import { signal } from "../graph/signal.ts";
import { activate } from "./activate.ts";
import { floats, known, type LayerRule, options, parameter, refuse } from "./call.ts";
import { activation, on, size } from "./options.ts";

const schema = z.object({
  units: size,
  use_bias: on,
  activation,
  lora_rank: z.unknown().optional(),
});

/** x W + b over the last axis. */
export const dense: LayerRule = (call) => {
  const { units, use_bias: hasBias, activation: name, lora_rank: rank } = options(call, schema);
  if (typeof rank === "number") refuse(call, "with low-rank corrections");
  const x = floats(call, 1);
  const { writer, spec } = call;
  const width = known(call, x.dims.at(-1), "last axis");
  const kernel = parameter(call, "kernel", [width, units]);
  const bias = hasBias ? parameter(call, "bias", [units]) : undefined;
  const dims = [...x.dims.slice(0, -1), units];
  const keep = { ...signal("", dims), ...(x.masked && { masked: true }) };
  if (bias !== undefined && x.dims.length === 2) {
    return [activate(call, { ...keep, name: writer.node("Gemm", [x.name, kernel, bias], spec.name) }, name)];
  }
  const product = writer.node("MatMul", [x.name, kernel], spec.name);
  const sum = bias === undefined ? product : writer.node("Add", [product, bias], spec.name);
  return [activate(call, { ...keep, name: sum }, name)];
};

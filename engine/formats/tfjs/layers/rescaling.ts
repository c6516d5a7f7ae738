import { z } from "zod";
import { floats, type LayerRule, options } from "./call.ts";
import { number } from "./options.ts";

const schema = z.object({ scale: number(1), offset: number(0) });

/** scale · x + offset. */
export const rescaling: LayerRule = (call) => {
  const { scale, offset } = options(call, schema);
  const x = floats(call);
  const { writer, spec } = call;
  const scaled = scale === 1 ? x.name : writer.node("Mul", [x.name, writer.float(scale)], spec.name);
  return [
    { ...x, name: offset === 0 ? scaled : writer.node("Add", [scaled, writer.float(offset)], spec.name) },
  ];
};

import type { Tensor } from "#engine/onnx/model.ts";
import { type Mutations, odd, oddInts, pick, tensorsOf } from "./parts.ts";

/** Weights and constants. */
export const tensors: Mutations = {
  "other dimensions": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (!target) return;
    if (choose(2) === 0) target.dims.push(odd(choose));
    else target.dims[choose(target.dims.length + 1)] = odd(choose);
  },
  "another element type": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (target)
      target.dataType = pick([0, 1, 2, 3, 7, 8, 9, 10, 11, 14, 16, 17, 22, 24, 26, 27, 99, -1], choose) ?? 0;
  },
  "values of another length": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (target) target.rawData = new Uint8Array(pick([0, 1, 3, 4, 8, 100_000], choose) ?? 0);
  },
  "values in two fields": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (!target) return;
    target.floatData = Float32Array.of(1, Number.NaN);
    target.int64Data = BigInt64Array.of(-1n);
  },
  "values that are no numbers": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    const bytes = target?.rawData;
    if (target && bytes) target.rawData = new Uint8Array(bytes.length).fill(choose(2) === 0 ? 0xff : 0x7f);
  },
  "external data": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (!target) return;
    const places = [
      "../../etc/passwd",
      "/etc/passwd",
      "C:\\x",
      "a/../../b",
      "",
      "w.bin",
      "file:///x",
      "\u0000",
    ];
    target.dataLocation = choose(3);
    target.externalData = [
      { key: "location", value: pick(places, choose) ?? "" },
      { key: "offset", value: pick(["-1", "9999999999999999", "1e5", "0"], choose) ?? "" },
      { key: "length", value: pick(["4", "-4", "99999999999999999999"], choose) ?? "" },
    ];
    if (choose(2) === 0) delete target.rawData;
  },
  "an initializer twice": (model, choose) => {
    const target = pick(model.graph.initializer, choose);
    if (target) model.graph.initializer.push(target);
  },
  "an initializer less": (model, choose) => {
    model.graph.initializer.splice(choose(model.graph.initializer.length + 1), 1);
  },
  "a sparse initializer": (model, choose) => {
    const [values] = model.graph.initializer;
    const indices: Tensor = {
      dims: [odd(choose)],
      dataType: 7,
      int64Data: BigInt64Array.of(pick(oddInts, choose) ?? 0n),
    };
    model.graph.sparseInitializer = [{ values, indices, dims: [odd(choose), odd(choose)] }];
  },
};

import type { CalibrationData } from "../../pass.ts";
import { randomFloats } from "../../testing/build.ts";

/** Seeded random batches for float32 inputs; symbolic dimensions are `batch`, or what `dims` says. */
export function randomCalibration(
  options: {
    batches?: number;
    batch?: number;
    seed?: number;
    scale?: number;
    dims?: Record<string, number>;
    shapes?: Record<string, number[]>;
    ranges?: Record<string, [number, number]>;
  } = {},
): CalibrationData {
  const { batches = 4, batch = 2, seed = 11, scale = 1 } = options;
  return {
    items: batches * batch,
    description: `${batches * batch} random items`,
    batches: ({ inputs }) =>
      Array.from({ length: batches }, (_, at) => {
        const feeds = Object.fromEntries(
          inputs.map(({ name, shape, dtype }, position) => {
            const dims =
              options.shapes?.[name] ??
              shape.map((dim) =>
                typeof dim === "number" && dim >= 0 ? dim : (options.dims?.[dim] ?? batch),
              );
            const count = dims.reduce((a, b) => a * b, 1);
            const unit = randomFloats(count, seed + at * 100 + position);
            const [low, high] = options.ranges?.[name] ?? (dtype === "float32" ? [-scale, scale] : [0, 5]);
            const values = unit.map((value) => low + ((value + 1) / 2) * (high - low));
            if (dtype === "int64")
              return [name, { dtype, dims, data: BigInt64Array.from(values, (v) => BigInt(Math.floor(v))) }];
            if (dtype === "int32") return [name, { dtype, dims, data: Int32Array.from(values, Math.floor) }];
            if (dtype !== "float32") throw new Error(`input ${name} is ${dtype}`);
            return [name, { dtype, dims, data: values }];
          }),
        );
        const rows = Uint32Array.from({ length: batch }, (_, row) => at * batch + row);
        return { feeds, rows, size: batch };
      }),
  };
}

import { z } from "zod";
import { makeString } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { exceeded, malformed } from "../artifact/fault.ts";
import { inChannelsFirst } from "../graph/layout.ts";
import { mapDim, signal } from "../graph/signal.ts";
import { floats, type LayerRule, options, refuse } from "./call.ts";
import { dataFormat, size } from "./options.ts";

const upSchema = z.object({
  size: z.union([size.transform((one) => [one]), z.array(size).min(1).max(3)]).nullish(),
  interpolation: z.string().nullish(),
  data_format: dataFormat,
});

/**
 * Repeats every place, or interpolates between places. Bilinear is that of TensorFlow.js, whose layer puts the corner of
 * the result on the corner of the input (`resizeBilinear` without `halfPixelCenters`).
 */
export const upSampling =
  (rank: number): LayerRule =>
  (call) => {
    const { size: read, interpolation, data_format: isFirst } = options(call, upSchema);
    const kind = interpolation ?? "nearest";
    if (kind !== "nearest" && kind !== "bilinear") refuse(call, `with interpolation ${kind}`);
    const factors = read ?? [2];
    const each = factors.length === 1 ? Array.from({ length: rank }, () => factors[0] ?? 1) : factors;
    if (each.length !== rank)
      throw malformed(`It does not say what to do with ${rank} axes`, call.spec.place);
    if (each.some((factor) => factor > 2 ** 16))
      throw exceeded("It repeats more than 65536 times", call.spec.place);
    const x = floats(call, rank + 2, rank + 2);
    const { writer, spec } = call;
    const scales = writer.constant(`scales ${JSON.stringify(each)}`, "scales", (name) =>
      makeTensor(name, "float32", [rank + 2], Float32Array.of(1, 1, ...each)),
    );
    const mode = kind === "nearest" ? "nearest" : "linear";
    return [
      inChannelsFirst(writer, x, spec.name, isFirst, (first) => {
        const name = writer.node("Resize", [first.name, "", scales], spec.name, [
          makeString("mode", mode),
          makeString("coordinate_transformation_mode", "asymmetric"),
          ...(mode === "nearest" ? [makeString("nearest_mode", "floor")] : []),
        ]);
        const dims = first.dims.map((dim, at) =>
          at < 2 ? dim : mapDim(dim, (n) => n * (each[at - 2] ?? 1)),
        );
        return signal(name, dims);
      }),
    ];
  };

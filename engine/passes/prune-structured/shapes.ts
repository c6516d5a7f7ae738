import { type InferOptions, inferShapes, type Shapes } from "#engine/graph/shapes/infer.ts";
import type { Dim, TensorInfo } from "#engine/graph/shapes/info.ts";
import type { Graph, Model } from "#engine/onnx/model.ts";

/** Sizes for the symbols of inputs, so that two runs have none in common: batches and sequences, and images. */
const first = { plain: [3, 5, 7, 11, 13], image: [96, 128, 192, 320] };
const second = { plain: [17, 19, 23, 29, 31], image: [160, 224, 256, 384] };

export interface SampledShapes {
  info(graph: Graph, name: string): TensorInfo | undefined;
}

/**
 * Shapes as inference finds them, and where it loses track of a symbol (the shapes that exporters compute go through
 * Range, Where and Expand) as two runs with sizes of their own find them: a dimension that is the same number in both
 * is that number, any other is a symbol made of the two, so that equal symbols are equal sizes.
 */
export function sampleShapes(model: Model): SampledShapes {
  const symbolic = inferShapes(model);
  // A model that is too large to be followed to its end would take three times as long, and to the same end.
  if (!symbolic.complete) return symbolic;
  const [a, b] = [inferShapes(model, sizes(first)), inferShapes(model, sizes(second))];
  return { info: (graph, name) => merge(graph, name, symbolic, a, b) };
}

function merge(graph: Graph, name: string, symbolic: Shapes, a: Shapes, b: Shapes): TensorInfo | undefined {
  const info = symbolic.info(graph, name);
  const [one, two] = [a.info(graph, name)?.shape, b.info(graph, name)?.shape];
  if (one === undefined || one.length !== two?.length) return info;
  if (info?.shape !== undefined && info.shape.length !== one.length) return info;
  const shape = one.map((dim, at): Dim => {
    const known = info?.shape?.[at];
    const other = two[at];
    if (typeof known === "number") return known;
    if (typeof dim !== "number" || typeof other !== "number") return known;
    return dim === other ? dim : `${dim} or ${other}`;
  });
  return { dtype: info?.dtype ?? a.info(graph, name)?.dtype, shape, values: info?.values };
}

function sizes({ plain, image }: typeof first): InferOptions {
  const given = new Map<string, number>();
  let [plainAt, imageAt] = [0, 0];
  return {
    inputDim: (input, axis, dim, rank) => {
      if (typeof dim === "number") return dim;
      const symbol = dim ?? `${input} ${axis}`;
      const isImage = rank >= 4 && axis >= 2;
      const size =
        given.get(symbol) ??
        (isImage ? image[imageAt++ % image.length] : plain[plainAt++ % plain.length]) ??
        1;
      given.set(symbol, size);
      return size;
    },
  };
}

import { z } from "zod";
import { malformed } from "../artifact/fault.ts";
import { inChannelsFirst } from "../graph/layout.ts";
import { mapDim, signal } from "../graph/signal.ts";
import { floats, type LayerCall, type LayerRule, options, single } from "./call.ts";
import { dataFormat } from "./options.ts";

const amount = z
  .int()
  .min(0)
  .max(2 ** 24);
const amounts = z.union([
  amount.transform((one) => ({ each: one })),
  z
    .array(z.union([amount, z.tuple([amount, amount])]))
    .max(3)
    .transform((list) => ({ list })),
]);

/** Before and behind each of `rank` axes, from one number, a number for each axis or a pair for each. */
function pairs(call: LayerCall, read: z.output<typeof amounts>, rank: number): (readonly [number, number])[] {
  if ("each" in read) return Array.from({ length: rank }, () => [read.each, read.each] as const);
  const { list } = read;
  const [first, second] = list;
  // One axis takes its two numbers as they are.
  if (rank === 1 && typeof first === "number" && typeof second === "number") return [[first, second]];
  if (list.length !== rank) throw malformed(`It does not say what to do with ${rank} axes`, call.spec.place);
  return list.map((one) => (typeof one === "number" ? [one, one] : one));
}

const paddingSchema = z.object({ padding: amounts.nullish(), data_format: dataFormat });

export const zeroPadding =
  (rank: number): LayerRule =>
  (call) => {
    const { padding, data_format: isFirst } = options(call, paddingSchema);
    const list = pairs(call, padding ?? { each: 1 }, rank);
    const x = floats(call, rank + 2, rank + 2);
    const { writer, spec } = call;
    const pads = [0, 0, ...list.map(([before]) => before), 0, 0, ...list.map(([, behind]) => behind)];
    return [
      inChannelsFirst(writer, x, spec.name, isFirst, (first) => {
        const name = writer.node("Pad", [first.name, writer.ints(pads)], spec.name);
        const dims = first.dims.map((dim, at) => {
          const [before, behind] = list[at - 2] ?? [0, 0];
          return before + behind === 0 ? dim : mapDim(dim, (n) => n + before + behind);
        });
        return signal(name, dims);
      }),
    ];
  };

const croppingSchema = z.object({ cropping: amounts.nullish(), data_format: dataFormat });

export const cropping =
  (rank: number): LayerRule =>
  (call) => {
    const { cropping: read, data_format: isFirst } = options(call, croppingSchema);
    const list = pairs(call, read ?? { each: rank === 1 ? 1 : 0 }, rank);
    const x = single(call);
    if (x.dims.length !== rank + 2)
      throw malformed(`Its input has not ${rank + 2} dimensions`, call.spec.place);
    const { writer, spec } = call;
    const from = isFirst ? 2 : 1;
    const end = 2 ** 31 - 1;
    const name = writer.node(
      "Slice",
      [
        x.name,
        writer.ints(list.map(([before]) => before)),
        writer.ints(list.map(([, behind]) => (behind === 0 ? end : -behind))),
        writer.ints(list.map((_, at) => from + at)),
      ],
      spec.name,
    );
    const dims = x.dims.map((dim, at) => {
      const [before, behind] = list[at - from] ?? [0, 0];
      return before + behind === 0 ? dim : mapDim(dim, (n) => n - before - behind);
    });
    if (dims.some((dim) => typeof dim === "number" && dim < 1)) {
      throw malformed("It cuts away more than there is", call.spec.place);
    }
    return [signal(name, dims, x.dtype)];
  };

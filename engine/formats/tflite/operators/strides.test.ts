import * as fc from "fast-check";
import { optionTables } from "../reader/options.ts";
import { describeOperator, size } from "../testing/describe-operator.ts";

/** One axis: what is taken of it, and how the file says so. */
const axis = fc
  .record({
    dim: size(1, 6),
    from: fc.nat(5),
    to: fc.nat(5),
    stride: fc.constantFrom(1, 1, 2, 3, -1, -2),
    isBack: fc.boolean(),
    kind: fc.constantFrom("range", "range", "begin", "end", "shrink", "new"),
  })
  .map(({ dim, from, to, stride, isBack, kind }) => {
    const [low, high] = [Math.min(from, to) % dim, Math.max(from, to) % dim];
    const [start, last] =
      stride > 0 ? [Math.min(low, high), Math.max(low, high)] : [Math.max(low, high), Math.min(low, high)];
    // The end itself is not taken; before the first there is no index, so that the mask says it.
    const end = last + Math.sign(stride);
    const isOpenEnd = kind === "end" || end < 0;
    const begins = kind === "begin" ? (stride > 0 ? 0 : dim - 1) : start;
    const ends = isOpenEnd ? (stride > 0 ? dim : -1) : end;
    const count = Math.ceil((ends - begins) / stride);
    return {
      dim,
      stride,
      kind,
      count,
      begin: isBack ? start - dim : start,
      end: isOpenEnd ? 0 : end,
      isOpenEnd,
    };
  });

describeOperator(
  "STRIDED_SLICE",
  fc.array(axis, { minLength: 1, maxLength: 4 }).map((axes) => {
    const mask = (has: (each: (typeof axes)[number]) => boolean) =>
      axes.reduce((bits, each, item) => bits | (has(each) ? 1 << item : 0), 0);
    const list = (of: (each: (typeof axes)[number]) => number) => ({
      shape: [axes.length],
      type: "int32" as const,
      data: axes.map(of),
    });
    const isShrunk = ({ kind }: { kind: string }) => kind === "shrink";
    return {
      inputs: [
        { shape: axes.filter(({ kind }) => kind !== "new").map(({ dim }) => dim) },
        list(({ begin }) => begin),
        list((each) => (isShrunk(each) ? each.begin + 1 : each.end)),
        list((each) => (isShrunk(each) ? 1 : each.stride)),
      ],
      outputs: [
        {
          shape: axes.flatMap(({ kind, count }) => {
            if (kind === "shrink") return [];
            return [kind === "new" ? 1 : count];
          }),
        },
      ],
      options: {
        union: "StridedSlice",
        fields: optionTables.stridedSlice,
        values: {
          beginMask: mask(({ kind }) => kind === "begin"),
          endMask: mask((each) => each.isOpenEnd && !isShrunk(each)),
          shrinkAxisMask: mask(isShrunk),
          newAxisMask: mask(({ kind }) => kind === "new"),
        },
      },
      result: "same" as const,
    };
  }),
  { steps: 0, float: 0, runs: 60 },
);

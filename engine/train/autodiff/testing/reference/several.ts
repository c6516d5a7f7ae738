import { broadcastDims } from "../../operand.ts";
import { array, build, valueAt } from "../array.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";

/** An operator on any number of arrays with broadcasting. */
export function severalReference(value: (values: readonly number[]) => number): Reference {
  return (inputs) => {
    const all = present(inputs);
    return [
      build(broadcastDims(...all.map(({ dims }) => dims)), (index) =>
        value(all.map((input) => valueAt(input, index))),
      ),
    ];
  };
}

export const whereReference = severalReference(([condition = 0, a = 0, b = 0]) => (condition !== 0 ? a : b));

export const clipReference: Reference = ([x, low, high]) => {
  if (!x) return [];
  const least = low?.data[0] ?? -Infinity;
  const most = high?.data[0] ?? Infinity;
  return [
    array(
      x.dims,
      x.data.map((value) => Math.min(Math.max(value, least), most)),
    ),
  ];
};

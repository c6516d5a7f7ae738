import { arena } from "./arena.ts";

/** How many values have a magnitude (the bits of a float32 without its sign) strictly between two; zero's is 0. */
export function countBetween(values: Float32Array, above: number, below: number): number {
  const { kernels } = arena();
  const isZeroCounted = above < 0 && below > 0;
  let count = 0;
  arena().visit(values, ({ from, end, pad }) => {
    count += kernels.countBetween(from, end, above, below) - (isZeroCounted ? pad : 0);
  });
  return count;
}

/** How many values are zero, −0 included. */
export function countZeros(values: Float32Array): number {
  return countBetween(values, -1, 1);
}

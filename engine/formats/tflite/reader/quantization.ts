import { EngineError } from "#engine/error.ts";
import type { FlatTable } from "./flat.ts";
import type { Quantization } from "./lite-model.ts";

/**
 * How a tensor's integers are to be read, or undefined where they are plain integers.
 *
 * @param shape of the tensor
 * @throws EngineError "malformed" where scales and zero points do not fit each other or the shape, or a scale is none
 */
export function readQuantization(
  table: FlatTable | undefined,
  shape: readonly number[],
): Quantization | undefined {
  const scales = table?.floats(2, "scale") ?? [];
  if (table === undefined || scales.length === 0) return undefined;
  if (table.byte(4, 0, "details_type") !== 0)
    throw new EngineError("unsupported", "Its quantisation is of a custom kind", table.place);
  const given = table.longs(3, "zero_point") ?? [];
  const axis = table.int(6, 0, "quantized_dimension");
  const bad = (message: string) => new EngineError("malformed", message, table.place);
  for (const scale of scales)
    if (!(scale > 0) || !Number.isFinite(scale)) throw bad(`Its scale ${scale} is no scale`);
  // A zero point of 0 is often left out; one for all scales is allowed, too.
  if (given.length > 1 && given.length !== scales.length)
    throw bad(`It has ${scales.length} scales and ${given.length} zero points`);
  const zeroPoints = scales.map((_, item) => Number(given[given.length === 1 ? 0 : item] ?? 0n));
  if (scales.length > 1 && (axis < 0 || shape[axis] !== scales.length))
    throw bad(`Its ${scales.length} scales do not fit dimension ${axis} of a shape of ${shape.length}`);
  return { scales, zeroPoints, axis };
}

/** Whether both mean the same by the same integers. */
export function isSameQuantization(a: Quantization | undefined, b: Quantization | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.scales.length === b.scales.length &&
    (a.scales.length === 1 || a.axis === b.axis) &&
    a.scales.every((scale, item) => scale === b.scales[item]) &&
    a.zeroPoints.every((zero, item) => zero === b.zeroPoints[item])
  );
}

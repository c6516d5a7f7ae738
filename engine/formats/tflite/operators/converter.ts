import type { LiteTensor } from "../reader/lite-model.ts";
import { isSameQuantization } from "../reader/quantization.ts";
import { integerForm } from "../writer/integers.ts";
import { numbers, store } from "../writer/numbers.ts";
import type { Site } from "../writer/site.ts";

/** Writes one operator as ONNX nodes. */
export type Converter = (site: Site) => void;

/** Whether integers of both stand for the same numbers, or neither has scales. */
export function isAlike(a: LiteTensor, b: LiteTensor): boolean {
  return a.type === b.type && isSameQuantization(integerForm(a), integerForm(b));
}

/** An operator that only moves values: on the integers themselves, unless they mean something else afterwards. */
export function moveValues(
  site: Site,
  from: LiteTensor,
  to: LiteTensor,
  move: (value: string) => string,
): void {
  if (isAlike(from, to)) site.name(move(site.writer.value(from)), to);
  else store(site, to, move(numbers(site, from)));
}

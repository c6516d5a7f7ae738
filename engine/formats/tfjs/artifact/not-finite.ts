import { plain } from "#engine/onnx/quote.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { Weights } from "./weights.ts";

const listed = 20;

/** A remark that names the weights with values that are NaN or infinite: they are converted as they are. */
export function notFinite(weights: Weights): EngineRemark[] {
  const names: string[] = [];
  for (const [name, weight] of weights) {
    if (weight?.dtype === "float32" && !weight.data.every(Number.isFinite)) names.push(plain(name));
  }
  if (names.length === 0) return [];
  const shown = names.length > listed ? [...names.slice(0, listed), "…"] : names;
  return [say("tfjs.notFinite", { count: names.length, names: shown })];
}

import { EngineError } from "#engine/error.ts";
import type { LiteTensor } from "../reader/lite-model.ts";
import { optionTables } from "../reader/options.ts";
import { innerForm, integerArray } from "../writer/integers.ts";
import { numbers } from "../writer/numbers.ts";
import type { Site } from "../writer/site.ts";
import type { Converter } from "./converter.ts";
import { isAlike, moveValues } from "./converter.ts";

const largest = 65_536;

/** Padding before and after each axis, from a tensor [rank, 2]. */
function paddings(site: Site, rank: number): [number, number][] {
  const list = site.wholes(1, "paddings");
  if (list.length !== 2 * rank)
    throw new EngineError("malformed", "Its paddings do not fit its input", site.operator.place);
  const pairs = Array.from({ length: rank }, (_, axis): [number, number] => [
    list[2 * axis] ?? 0,
    list[2 * axis + 1] ?? 0,
  ]);
  if (list.some((pad) => pad < 0)) site.refuse("with negative paddings");
  return pairs;
}

/** ONNX's order: all that stands before, then all that stands behind. */
function padsOf(site: Site, rank: number): string {
  const pairs = paddings(site, rank);
  const pads = [...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)];
  return site.ints(`${site.writer.name(site.output())}/pads`, pads);
}

/** Zero as the integers have it: their zero point. */
function zeroOf(site: Site, tensor: LiteTensor): string | undefined {
  const form = innerForm(tensor);
  if (form === undefined) return undefined;
  const [zero = 0] = form.zeroPoints;
  return site.writer.constant(`${form.type}_${zero}`, form.type, [], integerArray(form.type, [zero]));
}

const pad: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const pads = padsOf(site, from.shape.length);
  const zero = isAlike(from, to) ? zeroOf(site, from) : undefined;
  const filling = zero === undefined ? [] : [zero];
  moveValues(site, from, to, (value) => site.node("Pad", [value, pads, ...filling]));
};

const padV2: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const pads = padsOf(site, from.shape.length);
  const filling = site.input(2);
  const isWhole = isAlike(from, to) && isAlike(from, filling);
  if (!isWhole && innerForm(from) !== undefined && isAlike(from, to))
    site.refuse("with a value of other scales");
  const one = isWhole ? site.writer.value(filling) : numbers(site, filling);
  const filled = site.node("Reshape", [one, site.ints("shape_scalar", [])]);
  moveValues(site, from, to, (value) => site.node("Pad", [value, pads, filled]));
};

/** REFLECT leaves the edge out, SYMMETRIC repeats it, for which ONNX has no mode: there indices are gathered. */
const mirrorPad: Converter = (site) => {
  const { mode } = site.options(optionTables.mirrorPad);
  const [from, to] = [site.input(0), site.output()];
  const pairs = paddings(site, from.shape.length);
  for (const [axis, pair] of pairs.entries()) {
    const size = from.shape[axis] ?? 0;
    if (Math.max(...pair) > size - (mode === 0 ? 1 : 0)) site.refuse("beyond its input");
    // Indices are listed below.
    if (size > largest && Math.max(...pair) > 0) site.refuse(`of a dimension of ${size}`);
  }
  if (mode === 0) {
    const pads = padsOf(site, from.shape.length);
    moveValues(site, from, to, (value) => site.node("Pad", [value, pads], { mode: { text: "reflect" } }));
    return;
  }
  moveValues(site, from, to, (value) => {
    let padded = value;
    for (const [axis, [before, after]] of pairs.entries()) {
      const size = from.shape[axis] ?? 0;
      if (before === 0 && after === 0) continue;
      const indices = Array.from({ length: before + size + after }, (_, index) => {
        const at = index - before;
        if (at < 0) return -1 - at;
        return at < size ? at : 2 * size - 1 - at;
      });
      padded = site.node("Gather", [padded, site.ints(`${site.writer.name(to)}/mirror_${axis}`, indices)], {
        axis,
      });
    }
    return padded;
  });
};

export const paddingOperators = { PAD: pad, PADV2: padV2, MIRROR_PAD: mirrorPad } satisfies Record<
  string,
  Converter
>;

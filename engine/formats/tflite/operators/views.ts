import { elementsOf } from "../writer/constants.ts";
import type { Converter } from "./converter.ts";
import { moveValues } from "./converter.ts";

/**
 * RESHAPE, SQUEEZE and EXPAND_DIMS: the file says what shape they make. So a shape that is computed from that of a tensor,
 * as in models with an open batch, is not needed.
 */
const view: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  if (elementsOf(from.shape) !== elementsOf(to.shape)) site.refuse("into a shape that is not known");
  moveValues(site, from, to, (value) => site.reshape(value, to.shape));
};

const transpose: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const perm = site.wholes(1, "axes");
  const axes = perm.map((axis) => site.axis(axis, from.shape.length));
  if (new Set(axes).size !== from.shape.length) site.refuse("with axes that are no permutation");
  moveValues(site, from, to, (value) => site.transpose(value, axes));
};

const tile: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const repeats = site.ints(`${site.writer.name(to)}/repeats`, site.wholes(1, "repeats"));
  moveValues(site, from, to, (value) => site.node("Tile", [value, repeats]));
};

const broadcastTo: Converter = (site) => {
  const [from, to] = [site.input(0), site.output()];
  const shape = site.ints(`${site.writer.name(to)}/shape`, site.wholes(1, "shape"));
  moveValues(site, from, to, (value) => site.node("Expand", [value, shape]));
};

export const views = {
  RESHAPE: view,
  SQUEEZE: view,
  EXPAND_DIMS: view,
  TRANSPOSE: transpose,
  TILE: tile,
  BROADCAST_TO: broadcastTo,
} satisfies Record<string, Converter>;

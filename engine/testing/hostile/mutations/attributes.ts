import { attributeType } from "#engine/onnx/model.ts";
import { graph } from "#engine/passes/testing/build.ts";
import { anyName, type Mutations, nodesOf, odd, oddInts, pick } from "./parts.ts";

/** Attributes of nodes. */
export const attributes: Mutations = {
  "an attribute of another type": (model, choose) => {
    const target = pick(pick(nodesOf(model), choose)?.attribute ?? [], choose);
    if (target) target.type = choose(17);
  },
  "an attribute of another value": (model, choose) => {
    const target = pick(pick(nodesOf(model), choose)?.attribute ?? [], choose);
    if (!target) return;
    const { name } = target;
    for (const key of Object.keys(target)) Reflect.deleteProperty(target, key);
    const ints = Array.from({ length: choose(6) }, () => pick(oddInts, choose) ?? 0n);
    const values = [
      { i: pick(oddInts, choose) ?? 0n, type: attributeType.int },
      { ints, type: attributeType.ints },
      { f: Number.NaN, type: attributeType.float },
      { floats: [Number.POSITIVE_INFINITY, -0], type: attributeType.floats },
      { s: Uint8Array.of(0xff, 0xfe, 0), type: attributeType.string },
      { strings: [new Uint8Array()], type: attributeType.strings },
      { t: { dims: [odd(choose)], dataType: 1 }, type: attributeType.tensor },
      { g: graph({ node: [], output: [] }), type: attributeType.graph },
      { type: choose(17) },
    ];
    Object.assign(target, { name }, pick(values, choose));
  },
  "an attribute less": (model, choose) => {
    const target = pick(nodesOf(model), choose);
    target?.attribute.splice(choose(target.attribute.length + 1), 1);
  },
  "an attribute of the function around": (model, choose) => {
    const target = pick(pick(nodesOf(model), choose)?.attribute ?? [], choose);
    if (target) target.refAttrName = anyName(model, choose);
  },
};

import { einsumLabels } from "#engine/graph/shapes/einsum.ts";
import { makeString } from "#engine/onnx/attributes.ts";
import { ruleOf } from "../rule.ts";
import { expand, reshape } from "../tensors.ts";

/**
 * The gradient of an operand is the product of dY and the other operands, in the operand's labels. Labels that occur
 * nowhere else were summed: the gradient is the same all along them. Axes of size 1 that were broadcast are summed.
 */
export const einsumRule = ruleOf((site, dy, emit) => {
  const operands = site.inputs.map((_, at) => site.input(at));
  const ranks = operands.map(({ dims }) => dims.length);
  const labels = einsumLabels(site.text("equation", ""), ranks);
  if (labels.inputs.some((own) => new Set(own).size < own.length))
    throw site.refusal("a label stands twice in one operand");
  return operands.map(({ dims }, position) => {
    if (!site.wants(position)) return undefined;
    const own = labels.inputs[position] ?? [];
    const factors = [
      { operand: dy, labels: labels.output },
      ...operands.flatMap((operand, at) =>
        at === position ? [] : [{ operand, labels: labels.inputs[at] ?? [] }],
      ),
    ];
    const reached = own.map((label, axis) =>
      factors.some((factor) => {
        const at = factor.labels.indexOf(label);
        return at >= 0 && factor.operand.dims[at] === dims[axis];
      }),
    );
    const kept = own.filter((_, axis) => reached[axis]);
    const equation = `${factors.map((factor) => factor.labels.join("")).join()}->${kept.join("")}`;
    const product = emit.op(
      "Einsum",
      factors.map(({ operand }) => operand),
      dims.filter((_, axis) => reached[axis]),
      [makeString("equation", equation)],
    );
    const spread = dims.map((dim, axis) => (reached[axis] ? dim : 1));
    return expand(emit, reshape(emit, product, spread), dims);
  });
});

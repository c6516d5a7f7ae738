import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeFloat, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import type { FunctionDef, Model, Node } from "#engine/onnx/model.ts";
import { graph, graphAttribute, node, value, weight } from "#engine/passes/testing/build.ts";
import { Comparer } from "#engine/passes/testing/compare.ts";
import { versions } from "#engine/passes/upgrade-opset/index.ts";
import { inlineFunctions } from "./index.ts";
import { body, call, withFunctions } from "./testing/build.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

/** Few names, so that bodies and graphs in them use the same ones. */
const kinds = ["call", "call", "leaky", "constant", "if", "add"] as const;
interface Step {
  readonly kind: (typeof kinds)[number];
  /** Which earlier value, and which function. */
  readonly pick: number;
  readonly named: boolean;
}

/** Nodes from "a" and "b" to "r", that may call the functions of higher numbers. */
function nodesOf(steps: readonly Step[], at: number, count: number): Node[] {
  const nodes: Node[] = [];
  const known = ["a", "b"];
  steps.forEach(({ kind, pick, named }, step) => {
    const out = step === steps.length - 1 ? "r" : `v${step}`;
    const from = known[pick % known.length] ?? "a";
    const other = known.at(-1) ?? "b";
    const slope = at === 0 ? makeFloat("slope", 0.25) : { name: "slope", refAttrName: "slope", type: 1 };
    const callee = at + 1 + (pick % Math.max(1, count - at - 1));
    if (kind === "call" && callee < count) {
      nodes.push(call(`f${callee}`, [from, other], [out], named ? [slope] : []));
    } else if (kind === "leaky") {
      nodes.push(node("LeakyRelu", [from], [out], [{ ...slope, name: "alpha" }]));
    } else if (kind === "constant") {
      const k = `k${step}`;
      const tensor = weight("", [8, 8], pick + 1);
      nodes.push(
        node("Constant", [], [k], [makeTensorAttribute("value", tensor)]),
        node("MatMul", [from, k], [out]),
      );
    } else if (kind === "if") {
      const branch = (name: string, inner: Node[]) =>
        graphAttribute(name, graph({ name, node: inner, output: [value("t", [4, 8])] }));
      nodes.push(
        node(
          "Constant",
          [],
          [`c${step}`],
          [makeTensorAttribute("value", { dims: [], dataType: 9, int32Data: Int32Array.of(pick % 2) })],
        ),
        node(
          "If",
          [`c${step}`],
          [out],
          [
            branch("then_branch", [node("Neg", [from], ["m"]), node("Add", ["m", other], ["t"])]),
            branch("else_branch", [
              callee < count ? call(`f${callee}`, [other, from], ["t"]) : node("Tanh", [from], ["t"]),
            ]),
          ],
        ),
      );
    } else nodes.push(node("Add", [from, other], [out]));
    known.push(out);
  });
  return nodes;
}

function modelOf(plans: readonly (readonly Step[])[]): Model {
  const functions: FunctionDef[] = plans.slice(1).map((steps, at) =>
    body(`f${at + 1}`, ["a", "b"], ["r"], nodesOf(steps, at + 1, plans.length), {
      attributeProto: [makeFloat("slope", 0.5)],
    }),
  );
  return withFunctions(
    graph({
      input: [value("a", [4, 8]), value("b", [4, 8])],
      output: [value("r", [4, 8])],
      node: nodesOf(plans[0] ?? [], 0, plans.length),
    }),
    functions,
  );
}

const step = fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat(7), named: fc.boolean() });
const plan = fc.array(step, { minLength: 1, maxLength: 4 });

it("random nests of functions compute the same, bit for bit, after inlining", async () => {
  let functions = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 2, maxLength: 5 }), async (plans) => {
      const source = modelOf(plans);
      const { model, inlined, kept } = inlineFunctions(source, versions);
      functions += inlined;
      expect(kept).toEqual([]);
      expect(model.functions).toBeUndefined();
      expect(modelProblems(model)).toEqual([]);
      const { error, outputs } = await comparer.compare(source, model);
      expect(error).toBeUndefined();
      expect(outputs).toMatchObject([{ name: "r", maxAbs: 0, finite: true, count: 32 }]);
    }),
    { numRuns: 60, seed: 7 },
  );
  expect(functions).toBeGreaterThan(60);
});

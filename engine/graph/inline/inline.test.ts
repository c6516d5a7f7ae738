import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { EngineError } from "#engine/error.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { makeFloat } from "#engine/onnx/attributes.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { graph, graphAttribute, node, value, weight } from "#engine/passes/testing/build.ts";
import { Comparer } from "#engine/passes/testing/compare.ts";
import { versions } from "#engine/passes/upgrade-opset/index.ts";
import { inlineFunctions, type KeptFunction } from "./index.ts";
import { body, call, withFunctions } from "./testing/build.ts";
import { functionCases } from "./testing/cases.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const bytes = (source: Model) => Buffer.from(joinChunks(encodeModel(source)));
const relu = [node("Relu", ["a"], ["r"])];
const chain = (...nodes: Model["graph"]["node"]) =>
  graph({ input: [value("x", [4, 8])], output: [value("y", [4, 8])], node: nodes });

async function expectSame(before: Model, after: Model): Promise<void> {
  validateModel(after);
  for (const seed of [1, 2]) {
    const { error, outputs } = await comparer.compare(before, after, { seed });
    expect(error).toBeUndefined();
    expect(outputs.length).toBe(before.graph.output.length);
    for (const { maxAbs, finite, count } of outputs) {
      expect({ maxAbs, finite }).toEqual({ maxAbs: 0, finite: true });
      expect(count).toBeGreaterThan(0);
    }
  }
}

describe("inlineFunctions, in ONNX Runtime before and after, bit for bit", () => {
  it.each(Object.entries(functionCases))("%s", async (_, make) => {
    const source = make();
    const before = bytes(source);
    const { model, inlined, kept } = inlineFunctions(source, versions);
    expect(kept).toEqual([]);
    expect(inlined).toBe(source.functions?.length);
    expect(model.functions).toBeUndefined();
    expect(model.opsetImport.map(({ domain }) => domain)).toEqual([""]);
    expect(bytes(source).equals(before)).toBe(true);
    await expectSame(source, model);
  });
});

describe("what ONNX Runtime does not take as a function, but a graph can say", () => {
  it("an input that is an output, and one output under two names", async () => {
    const source = withFunctions(
      { ...chain(call("f", ["x"], ["p", "y", "z"])), output: [value("y", [4, 8]), value("z", [4, 8])] },
      [body("f", ["a"], ["a", "r", "r"], relu)],
    );
    const { model } = inlineFunctions(source, versions);
    validateModel(model);
    expect(model.graph.node.map(({ opType, input, output }) => [opType, input, output])).toEqual([
      ["Relu", ["x"], ["y"]],
      ["Identity", ["x"], ["p"]],
      ["Identity", ["y"], ["z"]],
    ]);
  });

  it("a graph as an attribute sees what is around the call, not the names of the body", async () => {
    const then = graph({ name: "g", node: [node("Neg", ["h"], ["n"])], output: [value("n", [4, 8])] });
    const pick = body(
      "pick",
      ["c"],
      ["r"],
      [
        node("Not", ["c"], ["h"]),
        node(
          "If",
          ["h"],
          ["r"],
          ["then_branch", "else_branch"].map((name) => ({ name, refAttrName: "what", type: 5 })),
        ),
      ],
      { attribute: ["what"] },
    );
    const nodes = (last: Model["graph"]["node"]) => ({
      ...chain(node("Relu", ["x"], ["h"]), ...last),
      input: [value("x", [4, 8]), value("c", [], "bool")],
    });
    const source = withFunctions(nodes([call("pick", ["c"], ["y"], [graphAttribute("what", then)])]), [pick]);
    const { model } = inlineFunctions(source, versions);
    const plain = withFunctions(nodes([node("Neg", ["h"], ["y"])]), []);
    await expectSame(plain, model);
  });
});

describe("names, weights and imports", () => {
  it("brings the weights of a body into the file once, however often it is called", () => {
    const source = functionCases["weights in Constant nodes of a body that is called three times"]?.();
    const { model } = inlineFunctions(source as Model, versions);
    expect(model.graph.initializer.map(({ name }) => name)).toEqual(["w"]);
    expect(model.graph.node.map(({ opType }) => opType).join()).toBe("MatMul,Tanh,MatMul,Tanh,MatMul,Tanh");
  });

  it("matches domain, name and overload", async () => {
    const source = withFunctions(
      chain({ ...call("f", ["x"], ["h"]), overload: "other" }, call("f", ["h"], ["y"])),
      [
        body("f", ["a"], ["r"], relu),
        body("f", ["a"], ["r"], [node("Neg", ["a"], ["r"])], { overload: "other" }),
        body("f", ["a"], ["r"], [node("Exp", ["a"], ["r"])], { domain: "elsewhere" }),
      ],
    );
    const { model } = inlineFunctions(source, versions);
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(["Neg", "Relu"]);
  });

  it("moves recorded types into the graph, without symbols that mean another size there", () => {
    const f = body("f", ["a"], ["r"], [node("Relu", ["a"], ["m"]), node("Neg", ["m"], ["r"])], {
      valueInfo: [value("m", ["N", 8]), value("r", [4, 8])],
    });
    const source = withFunctions(chain(call("f", ["x"], ["h"]), call("f", ["h"], ["y"])), [f]);
    const { valueInfo } = inlineFunctions(source, versions).model.graph;
    expect(valueInfo.map(({ name, type }) => [name, type?.tensorType?.shape?.dim])).toEqual([
      ["m", [{}, { dimValue: 8 }]],
      ["m_1", [{}, { dimValue: 8 }]],
    ]);
  });

  it("keeps imports that something still needs, and adds those of bodies", () => {
    const source = withFunctions(chain(call("f", ["x"], ["y"])), [
      body("f", ["a"], ["r"], [{ ...node("Gelu", ["a"], ["r"]), domain: "com.microsoft" }], {
        opsetImport: [{ domain: "com.microsoft", version: 1 }],
      }),
    ]);
    expect(inlineFunctions(source, versions).model.opsetImport).toEqual([
      { domain: "", version: 17 },
      { domain: "com.microsoft", version: 1 },
    ]);
  });
});

describe("versions of operators", () => {
  const import17 = [{ domain: "", version: 17 }];
  const at = (version: number) => ({ opsetImport: [{ domain: "", version }] });

  it("inlines as it is where no operator changed", async () => {
    const source = withFunctions(chain(call("f", ["x"], ["y"])), [body("f", ["a"], ["r"], relu, at(14))]);
    const { model, kept } = inlineFunctions(source, versions);
    expect(kept).toEqual([]);
    expect(model.opsetImport).toEqual(import17);
    await expectSame(source, model);
  });

  it("rewrites the nodes of an older body", async () => {
    const axes = { name: "axes", ints: [0n], type: 7 };
    const old = body(
      "f",
      ["a"],
      ["r"],
      [
        node("Unsqueeze", ["a"], ["u"], [axes]),
        node("Squeeze", ["u"], ["s"], [axes]),
        node("Softmax", ["s"], ["r"]),
      ],
      at(11),
    );
    const source = withFunctions(chain(call("f", ["x"], ["h"]), call("f", ["h"], ["y"])), [old]);
    const { model, kept } = inlineFunctions(source, versions);
    expect(kept).toEqual([]);
    const plain = withFunctions(chain(node("Softmax", ["x"], ["h"]), node("Softmax", ["h"], ["y"])), []);
    await expectSame(plain, model);
  });

  it("rewrites an older body that a function calls from a branch, whose types are known only then", async () => {
    const old = body("old", ["a"], ["r"], [node("Softmax", ["a"], ["r"])], at(11));
    const branch = (name: string, nodes: Model["graph"]["node"]) =>
      graphAttribute(name, graph({ name, node: nodes, output: [value("t", [4, 8])] }));
    const nodes = (inner: Model["graph"]["node"]) => [
      node("Exp", ["a"], ["e"]),
      node(
        "If",
        ["c"],
        ["r"],
        [branch("then_branch", inner), branch("else_branch", [node("Neg", ["e"], ["t"])])],
      ),
    ];
    const outer = body("outer", ["a", "c"], ["r"], nodes([call("old", ["e"], ["t"])]));
    const main = (inner: Model["graph"]["node"], names: [string, string]) =>
      graph({
        input: [value(names[0], [4, 8]), value("c", [], "bool")],
        output: [value(names[1], [4, 8])],
        node: inner,
      });
    const source = withFunctions(main([call("outer", ["a", "c"], ["r"])], ["a", "r"]), [outer, old]);
    const { model, inlined, kept } = inlineFunctions(source, versions);
    expect(kept).toEqual([]);
    expect(inlined).toBe(2);
    const plain = withFunctions(main(nodes([node("Softmax", ["e"], ["t"])]), ["a", "r"]), []);
    await expectSame(plain, model);
  });

  it("raises the model to the opset of a newer body", async () => {
    const axes = { name: "axes", ints: [0n], type: 7 };
    const source = withFunctions(
      chain(
        node("Unsqueeze", ["x"], ["u"], [axes]),
        node("Squeeze", ["u"], ["h"], [axes]),
        call("f", ["h"], ["y"]),
      ),
      [body("f", ["a"], ["r"], [node("Softmax", ["a"], ["r"])])],
      11,
    );
    const { model, kept } = inlineFunctions(source, versions);
    expect(kept).toEqual([]);
    expect(model.opsetImport).toEqual(import17);
    await expectSame(withFunctions(chain(node("Softmax", ["x"], ["y"])), []), model);
  });

  it("ends at once on versions that do not exist", () => {
    for (const version of [-(2 ** 31), 0, 2 ** 31, 2 ** 53]) {
      const f = body("f", ["a"], ["r"], relu, { opsetImport: [{ domain: "", version }] });
      const started = performance.now();
      const { kept } = inlineFunctions(withFunctions(chain(call("f", ["x"], ["y"])), [f]), versions);
      expect(english(kept[0]?.reason ?? "")).toContain("which is not known here");
      expect(performance.now() - started).toBeLessThan(2_000);
    }
  });

  it("keeps functions of other versions that it cannot rewrite, with the reason", () => {
    const source = withFunctions(chain(call("f", ["x"], ["h"]), call("g", ["h"], ["y"])), [
      body("f", ["a"], ["r"], [{ ...node("Scaler", ["a"], ["r"]), domain: "ai.onnx.ml" }], {
        opsetImport: [{ domain: "ai.onnx.ml", version: 1 }],
      }),
      body("g", ["a"], ["r"], relu),
    ]);
    source.opsetImport.push({ domain: "ai.onnx.ml", version: 3 });
    const { model, inlined, kept } = inlineFunctions(source, versions);
    expect(inlined).toBe(1);
    expect(model.functions?.map(({ name }) => name)).toEqual(["f"]);
    expect(told(kept)).toEqual([
      { name: "f", reason: 'it is written for version 1 of "ai.onnx.ml" and the model for version 3' },
    ]);
  });
});

/** The functions that stay, with the reasons as text. */
function told(kept: readonly KeptFunction[]) {
  return kept.map(({ name, reason }) => ({ name, reason: english(reason) }));
}

describe("calls that do not fit stay calls", () => {
  it.each([
    ["a call gives more inputs than it has", call("f", ["x", "x"], ["y"])],
    ["a call wants more outputs than it has", call("f", ["x"], ["y", "z"])],
    ['nothing makes its output "r"', call("g", ["x"], ["y"])],
  ])("%s", (reason, node) => {
    const source = withFunctions(chain(node), [body("f", ["a"], ["r"], relu), body("g", ["a"], ["r"], [])]);
    const { kept, model } = inlineFunctions(source, versions);
    expect(told(kept)).toEqual([{ name: node.opType, reason }]);
    expect(model.graph.node[0]?.opType).toBe(node.opType);
  });
});

describe("hostile functions", () => {
  const refusal = (source: Model) => {
    const started = performance.now();
    let thrown: unknown;
    try {
      inlineFunctions(source, versions);
    } catch (error) {
      thrown = error;
    }
    expect(performance.now() - started).toBeLessThan(2_000);
    return thrown instanceof EngineError ? [thrown.code, thrown.message] : thrown;
  };

  it("that call themselves, directly or through others, called or not", () => {
    for (const functions of [
      [body("f", ["a"], ["r"], [call("f", ["a"], ["r"])])],
      [
        body("f", ["a"], ["r"], [call("g", ["a"], ["r"])]),
        body("g", ["a"], ["r"], [call("f", ["a"], ["r"])]),
      ],
    ]) {
      for (const name of ["f", "Relu"]) {
        const [code, message] = refusal(
          withFunctions(chain(call(name, ["x"], ["y"])), functions),
        ) as string[];
        expect(code).toBe("malformed");
        expect(message).toBe('A local function calls itself (at function "f")');
      }
    }
  });

  it("that call two others each, 30 levels of them", () => {
    const functions = Array.from({ length: 31 }, (_, at) =>
      body(
        `f${at}`,
        ["a"],
        ["r"],
        at === 30 ? relu : [call(`f${at + 1}`, ["a"], ["m"]), call(`f${at + 1}`, ["m"], ["r"])],
      ),
    );
    const [code] = refusal(withFunctions(chain(call("f0", ["x"], ["y"])), functions)) as string[];
    expect(code).toBe("limit-exceeded");
  });

  it("that put the graph they are given twice into a graph that they hand on", () => {
    const ref = (name: string) => ({ name, refAttrName: "g", type: 5 });
    const twice = graph({
      node: [node("If", ["c"], ["t"], [ref("then_branch"), ref("else_branch")])],
      output: [value("t", [4, 8])],
    });
    const functions = Array.from({ length: 40 }, (_, at) =>
      body(
        `f${at}`,
        ["c"],
        ["r"],
        at === 39
          ? [node("If", ["c"], ["r"], [ref("then_branch"), ref("else_branch")])]
          : [call(`f${at + 1}`, ["c"], ["r"], [graphAttribute("g", twice)])],
        { attribute: ["g"] },
      ),
    );
    const leaf = graph({ node: [node("Relu", ["x"], ["l"])], output: [value("l", [4, 8])] });
    const source = withFunctions(chain(call("f0", ["c"], ["y"], [graphAttribute("g", leaf)])), functions);
    const [code] = refusal(source) as string[];
    expect(code).toBe("limit-exceeded");
  });

  it("a chain of 2,000 calls is fine", () => {
    const functions = Array.from({ length: 2_000 }, (_, at) =>
      body(`f${at}`, ["a"], ["r"], at === 1_999 ? relu : [call(`f${at + 1}`, ["a"], ["r"])]),
    );
    const { model } = inlineFunctions(withFunctions(chain(call("f0", ["x"], ["y"])), functions), versions);
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(["Relu"]);
  });

  it("attributes and weights of any kind in a model without functions change nothing", () => {
    const source = withFunctions(chain(node("LeakyRelu", ["x"], ["y"], [makeFloat("alpha", 1)])), []);
    source.graph.initializer.push(weight("w", [2]));
    expect(inlineFunctions(source, versions)).toMatchObject({ inlined: 0, kept: [] });
  });
});

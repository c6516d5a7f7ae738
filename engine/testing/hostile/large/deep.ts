import { attributeType } from "#engine/onnx/model.ts";
import { graph, int64s, node, value } from "#engine/passes/testing/build.ts";
import { ifOf, ifWithout, type LargeModels, loopOf, nested, range, wrap } from "./build.ts";

/** Graphs in graphs and functions that call functions: what is in them counts many times. */
export const deep: LargeModels = {
  "branches in branches, 2^20 of them": () =>
    wrap(
      [
        ifOf(
          nested(
            4,
            ifOf,
            graph({
              node: range(20).map((at) => node("Relu", ["x"], [`r${at}`])),
              output: [value("r0", [])],
            }),
          ),
          99,
        ),
      ],
      "if99",
    ),
  "loops in loops, 25 deep, around 3,000 nodes": () =>
    wrap(
      [
        loopOf(
          nested(
            25,
            loopOf,
            graph({
              input: [value("i", [], "int64"), value("go", [], "bool"), value("state", [])],
              node: range(3000).map((at) => node("Relu", ["x"], [`r${at}`])),
              output: [value("c", [], "bool"), value("r0", [])],
            }),
          ),
          99,
        ),
      ],
      "loop99",
      [int64s("turns", [9], [])],
    ),
  "5,000 branches": () =>
    wrap(
      range(5_000).map((at) =>
        ifOf(graph({ node: [node("Relu", ["x"], [`r${at}`])], output: [value(`r${at}`, [])] }), at),
      ),
      "if0",
    ),
  "a node of 50,000 empty graphs": () => {
    const many = node("Scan", ["x"], ["y"]);
    many.attribute.push({
      name: "graphs",
      type: attributeType.graphs,
      graphs: range(50_000).map(() => graph({ node: [], output: [] })),
    });
    return wrap([many], "y");
  },
  "functions that call two others each, 40 levels of them": () => {
    const made = wrap([{ ...node("f0", ["x"], ["y"]), domain: "local" }], "y");
    made.functions = range(40).map((at) => ({
      name: `f${at}`,
      domain: "local",
      input: ["a"],
      output: ["b"],
      opsetImport: [{ domain: "", version: 17 }],
      node:
        at === 39
          ? [node("Relu", ["a"], ["b"])]
          : [
              { ...node(`f${at + 1}`, ["a"], ["m"]), domain: "local" },
              { ...node(`f${at + 1}`, ["m"], ["b"]), domain: "local" },
            ],
    }));
    made.opsetImport.push({ domain: "local", version: 1 });
    return made;
  },
  "2,000 functions that call the next": () => {
    const made = wrap([{ ...node("f0", ["x"], ["y"]), domain: "local" }], "y");
    made.functions = range(2_000).map((at) => ({
      name: `f${at}`,
      domain: "local",
      input: ["a"],
      output: ["b"],
      opsetImport: [{ domain: "", version: 17 }],
      node: [
        at === 1999 ? node("Relu", ["a"], ["b"]) : { ...node(`f${at + 1}`, ["a"], ["b"]), domain: "local" },
      ],
    }));
    made.opsetImport.push({ domain: "local", version: 1 });
    return made;
  },
  "names of a megabyte, in branches in branches": () => {
    const name = "n".repeat(2 ** 20);
    const inner = nested(
      25,
      (body, at) => ({ ...ifWithout(body, at), name }),
      graph({ node: [], output: [] }),
    );
    return wrap([{ ...ifWithout(inner, 99), name }], "if99");
  },
};

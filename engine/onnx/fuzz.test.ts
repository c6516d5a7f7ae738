import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { inspectModel } from "#engine/inspect.ts";
import { byteEdits } from "#engine/testing/byte-edits.ts";
import { bytesOf, realModels } from "#engine/testing/models.ts";
import { makeNode } from "./attributes.ts";
import { makeGraph, makeModel, makeValue } from "./build.ts";
import { decodeModel } from "./decode.ts";
import { encodeModel, joinChunks } from "./encode.ts";
import { makeTensor } from "./make.ts";

/** Small models of many kinds: each byte of them matters. */
const largest = 4_000;
const seeds = [
  joinChunks(
    encodeModel(
      makeModel(
        makeGraph({
          node: [makeNode("MatMul", ["x", "w"], ["h"]), makeNode("Relu", ["h"], ["y"])],
          input: [makeValue("x", "float32", ["n", 3])],
          output: [makeValue("y", "float32", ["n", 2])],
          initializer: [makeTensor("w", "float32", [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6))],
        }),
      ),
    ),
  ),
  ...realModels("data/onnx/odd", "data/onnx/pytorch-converted", "data/onnx/odd-exporters", "data/onnx/gonnx")
    .map(({ path }) => bytesOf(path))
    .filter((bytes) => bytes.length <= largest),
];

/** Reads a file as far as it goes, true where it is a model; anything but that or an EngineError fails the test. */
function survive(bytes: Uint8Array): boolean {
  try {
    const model = decodeModel(bytes);
    validateModel(model);
    inspectModel(model, { bytes: bytes.length });
    const again = joinChunks(encodeModel(model));
    expect(joinChunks(encodeModel(decodeModel(again)))).toEqual(again);
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(error.message).not.toBe("");
    return false;
  }
}

describe("broken files", () => {
  it("give an EngineError or a model, never anything else", { timeout: 120_000 }, () => {
    const results = { model: 0, error: 0 };
    const edit = fc.record({
      kind: fc.constantFrom(...Object.keys(byteEdits)),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      value: fc.nat(255),
    });
    void fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), (seed, list) => {
        let bytes = seed;
        for (const { kind, at, value } of list) {
          if (bytes.length === 0) break;
          bytes =
            byteEdits[kind as keyof typeof byteEdits]?.(bytes, Math.floor(at * bytes.length), value) ?? bytes;
        }
        results[survive(bytes) ? "model" : "error"]++;
      }),
      { numRuns: 6_000, seed: 20_240_501 },
    );
    // Both ways out are taken often, or the edits would be too wild or too tame to test anything.
    expect(results.model).toBeGreaterThan(100);
    expect(results.error).toBeGreaterThan(100);
  });

  it("of random bytes with a model's head are survived too", { timeout: 60_000 }, () => {
    void fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
        const graph = joinChunks([Uint8Array.of(8, 8, 0x3a, ...lengthOf(content.length)), content]);
        survive(graph);
      }),
      { numRuns: 3_000, seed: 7 },
    );
  });
});

function lengthOf(length: number): number[] {
  return length < 128 ? [length] : [(length % 128) | 0x80, length >> 7];
}

import { expect, it } from "vitest";
import { isWhole, mainFile, suggestedName } from "./model-files.ts";

const named = (...names: string[]) => names.map((name) => ({ name }));

it("a description is the main file of a model", () => {
  const list = named("group1-shard1of1.bin", "model.json").map((file) => ({ file }));
  expect(mainFile(list)?.file.name).toBe("model.json");
  expect(mainFile(list.slice(0, 1))?.file.name).toBe("group1-shard1of1.bin");
  expect(mainFile([])).toBeUndefined();
});

it("some files are a model by themselves", () => {
  expect(isWhole(named("a.onnx"))).toBe(true);
  expect(isWhole(named("a.TFLITE"))).toBe(true);
  expect(isWhole(named("model.json"))).toBe(false);
  expect(isWhole(named("a.onnx", "b.onnx"))).toBe(false);
});

it("a name that every model's file has says nothing", () => {
  expect(suggestedName(named("resnet.onnx"))).toBe("resnet");
  expect(suggestedName(named("model.json"))).toBe("");
  expect(suggestedName(named("group1-shard1of2.bin"))).toBe("");
  expect(suggestedName(named("a.json", "b.bin"))).toBe("");
});

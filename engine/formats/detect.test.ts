import { describe, expect, it } from "vitest";
import { detectFormat } from "./detect.ts";
import { filesOf } from "./source.ts";

const text = (content: string) => new TextEncoder().encode(content);
const tflite = Uint8Array.of(28, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33, 0, 0, 0, 0);
const description = text('{"format": "layers-model", "modelTopology": {}, "weightsManifest": []}');

describe("the format of a model's files", () => {
  it.each([
    ["tensorflow-lite", { "model.tflite": tflite }],
    ["tensorflow-lite", { "renamed.bin": tflite }],
    ["tensorflow-js", { "model.json": description }],
    ["tensorflow-js", { "group1-shard1of1.bin": Uint8Array.of(1), "any-name.json": description }],
    [undefined, { "model.onnx": Uint8Array.of(8, 7, 58, 0) }],
  ] as const)("%s", (format, files) => expect(detectFormat(filesOf(files))).toBe(format));

  it.each([
    [/torch\.onnx\.export/, { "model.pt": Uint8Array.of(0x80, 2, 0x7d) }],
    [/tf2onnx/, { "model.h5": Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10) }],
    [/unpack it/, { "model.zip": Uint8Array.of(0x50, 0x4b, 3, 4) }],
    [/no modelTopology/, { "data.json": text('{"a": 1}') }],
    [/git lfs pull/, { "model.tflite": text("version https://git-lfs.github.com/spec/v1\n") }],
    [/one model at a time/, { "a.tflite": tflite, "b.tflite": tflite }],
    [/one model at a time/, { "a.json": description, "b.json": description }],
    [/no file/, {}],
  ] as const)("refused with the way to go: %s", (message, files) => {
    expect(() => detectFormat(filesOf(files))).toThrow(message);
  });
});

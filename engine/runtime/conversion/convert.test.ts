import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { filesOf } from "../../formats/source.ts";
import { denseFiles } from "../../formats/testing/dense-files.ts";
import { convertModel } from "./convert.ts";

const folder = mkdtempSync(join(tmpdir(), "parsimony-convert-"));
const out = join(folder, "model.onnx");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => writeFileSync(out, "an earlier file"));

it("a conversion that agrees takes the place of an earlier file", async () => {
  const { parity } = await convertModel("tensorflow-js", filesOf(denseFiles(4, 3)), out);
  expect(parity).toMatchObject({ agrees: true, inputs: 16 });
  expect(readFileSync(out).length).toBeGreaterThan(1_000);
  expect(readdirSync(folder)).toEqual(["model.onnx"]);
});

it("one that differs from its original leaves everything as it was", async () => {
  const files = denseFiles(4, 3);
  const description = JSON.parse(new TextDecoder().decode(files["model.json"]));
  // TensorFlow.js reads the slope of a ReLU layer, and does not apply it.
  const leaky = { class_name: "ReLU", config: { name: "leaky", negative_slope: 0.5, threshold: 0 } };
  description.modelTopology.model_config.config.layers.push(leaky);
  const changed = { ...files, "model.json": new TextEncoder().encode(JSON.stringify(description)) };
  await expect(convertModel("tensorflow-js", filesOf(changed), out)).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/does not compute what TensorFlow\.js .* does: a value differs by/),
  });
  expect(readFileSync(out, "utf8")).toBe("an earlier file");
  expect(readdirSync(folder)).toEqual(["model.onnx"]);
});

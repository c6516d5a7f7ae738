import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { parseManifest } from "./manifest.ts";

const mnist = `
name: digits
task: classification
splits:
  train: {images: train-images.gz, labels: train-labels.gz}
  test: {images: t10k-images.gz, labels: t10k-labels.gz}
inputs:
  - {to: 0, from: images, shape: [28, 28, 1], dtype: float32, scale: 0.00392156862745098}
label: {from: labels}
`;

function failure(text: string): string {
  try {
    parseManifest(text);
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return (error as EngineError).message;
  }
  throw new Error("was accepted");
}

describe("parseManifest", () => {
  it("reads YAML and JSON alike", () => {
    const manifest = parseManifest(mnist);
    expect(manifest.inputs[0]).toMatchObject({ to: 0, from: "images", shape: [28, 28, 1] });
    expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  it("names the field and the line", () => {
    expect(failure(mnist.replace("task: classification", "task: sorting"))).toContain(
      "`task` (line 3, column 7)",
    );
    expect(failure(mnist.replace("label:", "lable:"))).toMatch(/lable/);
    const json = JSON.stringify(parseManifest(mnist), null, 2);
    const at = json.split("\n").findIndex((line) => line.includes('"scale"'));
    const scale = failure(json.replace(/"scale": [0-9.]+/, '"scale": "small"'));
    expect(scale).toContain(`\`inputs[0].scale\` (line ${at + 1}, column 16)`);
    expect(failure(mnist.replace("[28, 28, 1]", "[28, -28, 1]"))).toContain(
      "`inputs[0].shape[1]` (line 8, column 39)",
    );
  });

  it("says where the text itself is broken", () => {
    expect(failure("name: a\ntask: [unclosed\n")).toMatch(/line [23], column \d+/);
    expect(failure('{"name": "a",, }')).toMatch(/line 1/);
    expect(failure("")).toContain("the document");
    expect(failure('{\n  "name": "a",\n  "task": sorting"\n  "x": 1\n}')).toMatch(/line [34], column \d+/);
  });

  it("refuses splits that contradict each other", () => {
    const splits = (text: string) =>
      failure(mnist.replace(/splits:[\s\S]*?inputs:/, `splits: ${text}\ninputs:`));
    expect(splits("{file: a.csv}")).toContain("seed");
    expect(splits("{file: a.csv, train: b.csv, seed: 1}")).toContain("not both");
    expect(splits("{file: a.csv, column: s, test: 0.2}")).toContain("never cut again");
    expect(splits("{train: a.csv, test: 0.2}")).toContain("`splits.test`");
    expect(splits("{test: a.csv, calibration: 300}")).toContain("cut from it");
    expect(splits("{seed: 3}")).toContain("at least one file");
    expect(splits("{file: a.csv, seed: 1, test: 1.5}")).toContain("`splits.test`");
  });

  it("takes files by plain name only", () => {
    expect(failure(mnist.replace("train-images.gz", "../secret"))).toContain("without folders");
  });

  it("asks for what an encoding needs", () => {
    const text = (input: string) => mnist.replace(/- \{to.*\}/, `- {to: 0, from: t, ${input}}`);
    expect(failure(text("encode: words"))).toContain("`inputs[0].vocabulary`");
    expect(failure(text("encode: index"))).toContain("classes");
    expect(failure(text("std: 0"))).toContain("must not be zero");
    expect(parseManifest(text("encode: one-hot, length: 4")).inputs[0]).toMatchObject({ length: 4 });
  });

  it("does not expand a bomb of aliases", () => {
    const levels = "abcdefghij".split("").map((key, index, all) => {
      const inner = index === 0 ? '"x"' : `*${all[index - 1]}`;
      return `${key}: &${key} [${Array(20).fill(inner).join(", ")}]`;
    });
    expect(failure(levels.join("\n"))).toContain("aliases");
  });
});

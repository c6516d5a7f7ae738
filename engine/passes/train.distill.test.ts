import { beforeAll, describe, expect, it } from "vitest";
import { compressModel } from "#engine/compress.ts";
import { english } from "#engine/english.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { checkRecipe } from "#engine/recipes.ts";
import { trainingOf } from "#engine/runtime/tools.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { signs } from "#engine/train/testing/signs.ts";
import { cloneStructure } from "../graph/clone.ts";
import { runStep } from "./index.ts";
import { type PassContext, silent } from "./pass.ts";
import { type StepInput, stepSchema } from "./step.schema.ts";
import { inEnglish } from "./testing/in-english.ts";
import type { Checkpoints, TrainingTools } from "./training/tools.ts";

type Options = Omit<Extract<StepInput, { use: "train.distill" }>, "use">;
const usual = { epochs: 8, batch_size: 16, learning_rate: 0.01 };
const network = () => mlp({ input: [2], hidden: [32, 16], outputs: 2 }, 5);
const small: Options["student"] = { kind: "mlp", input: [2], hidden: [8], outputs: 2 };

async function run(
  source: Model,
  use: "train.distill" | "train.finetune",
  options: Options,
  more: Partial<TrainingTools> = {},
  context: Partial<PassContext> = {},
) {
  const step = stepSchema.parse({ use, ...usual, ...options });
  const model = cloneStructure(source);
  const training = { ...trainingOf(signs()), ...more };
  const result = await runStep(model, step, { ...silent, training, ...context });
  return { model, result: inEnglish(result) };
}
const distill = (
  source: Model,
  options: Options = {},
  more: Partial<TrainingTools> = {},
  context: Partial<PassContext> = {},
) => run(source, "train.distill", options, more, context);

const weightsOf = (model: Model) =>
  new Map(
    model.graph.initializer
      .filter(({ dataType }) => dataType === 1)
      .map((tensor) => [tensor.name ?? "", readFloats(tensor)]),
  );
const sentences = ({ result }: Awaited<ReturnType<typeof run>>) => result.changed.map(({ what }) => what);
const share = (text: string | undefined) => Number(/([\d.]+)%/.exec(text ?? "")?.[1]);

let teacher: Model;
/** What its own training says of it. */
let teacherShare: string | undefined;
beforeAll(async () => {
  const trained = await run(network(), "train.finetune", { epochs: 20 });
  teacher = trained.model;
  teacherShare = /([\d.]+)% after/.exec(sentences(trained)[1] ?? "")?.[1];
});

describe("train.distill", () => {
  it("teaches a small network, and says how good teacher and student are", async () => {
    const taught = await distill(teacher, { student: small, epochs: 20 });
    const [built, trained, change, source, score] = sentences(taught);
    expect(built).toBe("a new network, mlp, with 42 weights takes the place of the model with 658");
    expect(trained).toMatch(/^42 weights trained on 160 items for 20 epochs; those of epoch \d+ are kept$/);
    expect(source).toBe("90% of the loss came from what the teacher says, at temperature 4");
    expect(score).toBe(`accuracy of the teacher on the tuning split: ${teacherShare}%`);
    const [, before, after] = /: ([\d.]+)% before, ([\d.]+)% after/.exec(change ?? "") ?? [];
    expect(Number(after)).toBeGreaterThan(85);
    expect(Number(before)).toBeLessThan(70);
    expect(taught.result.warnings).toEqual([]);
    expect([...weightsOf(taught.model).values()].reduce((sum, { length }) => sum + length, 0)).toBe(42);
  });

  it("has the model with which the recipe began as its teacher", async () => {
    const recipe = checkRecipe({
      name: "pruned",
      steps: [
        { use: "prune.structured", ratio: 0.5 },
        { use: "train.distill", ...usual },
      ],
    });
    const alone = await distill(teacher, { student: small, epochs: 1 });
    const result = await compressModel(teacher, recipe, { tools: { training: trainingOf(signs()) } });
    const said = result.steps[1]?.changed.map(({ what }) => english(what)) ?? [];
    expect(said.find((text) => text.startsWith("accuracy of the teacher"))).toBe(
      sentences(alone).find((text) => text.startsWith("accuracy of the teacher")),
    );
    expect(result.warnings).toEqual([]);
    expect(weightsOf(result.model).get("dense2.weight")?.length).toBe(8 * 16);
  });

  it("is fine-tuning to the bit where the teacher has no share", async () => {
    const plain = await run(network(), "train.finetune", {});
    const alone = await distill(network(), { alpha: 0 }, { teacher });
    expect(weightsOf(alone.model)).toEqual(weightsOf(plain.model));
    const taught = await distill(network(), { alpha: 0.1 }, { teacher });
    expect(weightsOf(taught.model)).not.toEqual(weightsOf(plain.model));
  });

  it("moves nothing where teacher and student are one, and warns", async () => {
    const losses: number[] = [];
    const { model, result } = await distill(
      teacher,
      { alpha: 1, optimizer: "sgd" },
      { onPoint: (curve, _, value) => curve === "loss" && losses.push(value) },
    );
    expect(losses).toHaveLength(80);
    expect(Math.max(...losses.map(Math.abs))).toBeLessThan(1e-5);
    expect(weightsOf(model)).toEqual(weightsOf(teacher));
    expect(result.skipped[0]?.reason).toMatch(/^no epoch was better on the tuning split/);
    expect(result.warnings).toEqual([expect.stringMatching(/^The teacher is the very model that learns/)]);
  });

  it("goes on from a checkpoint to the same bits", async () => {
    const kept: Uint8Array[] = [];
    const store = (last: Uint8Array | undefined): Checkpoints => ({
      load: async () => last,
      save: async (parts) => void kept.push(Buffer.concat(parts)),
    });
    const hidden = [{ student: "dense1.relu", teacher: "dense2.relu" }];
    const options = { student: small, hidden };
    const whole = await distill(teacher, options, { checkpoints: () => store(undefined) });
    expect(kept).toHaveLength(8);
    const resumed = await distill(teacher, options, { checkpoints: () => store(kept[3]) });
    expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
    expect(resumed.result).toEqual(whole.result);
  });

  it("keeps zeros", async () => {
    const recipe = checkRecipe({
      name: "zeros",
      steps: [
        { use: "prune.magnitude", sparsity: 0.6 },
        { use: "train.distill", ...usual },
      ],
    });
    const tools = { training: trainingOf(signs()) };
    const pruned = await compressModel(teacher, { ...recipe, steps: recipe.steps.slice(0, 1) }, { tools });
    const { model } = await compressModel(teacher, recipe, { tools });
    const zeros = (values: Float32Array | undefined) => [...(values ?? [])].map((value) => value === 0);
    for (const [name, values] of weightsOf(pruned.model)) {
      if (values.length < 64) continue;
      expect(zeros(weightsOf(model).get(name)), name).toEqual(zeros(values));
      expect(weightsOf(model).get(name)).not.toEqual(values);
    }
  });

  it("teaches numbers by squared distance", async () => {
    const data = signs({ task: "regression", label: (a, b) => (a + b).toFixed(3) });
    const one = (hidden: number[], seed: number) => mlp({ input: [2], hidden, outputs: 1 }, seed);
    const good = (await run(one([32], 1), "train.finetune", { epochs: 20 }, trainingOf(data))).model;
    const taught = await distill(
      one([6], 2),
      { epochs: 20, alpha: 1 },
      { ...trainingOf(data), teacher: good },
    );
    expect(sentences(taught)[2]).toBe("100% of the loss came from what the teacher says");
    expect(sentences(taught)[3]).toMatch(/^loss of the teacher on the tuning split: 0\.0/);
    const [, before, after] = /: ([\d.]+) before, ([\d.]+) after/.exec(sentences(taught)[1] ?? "") ?? [];
    expect(Number(after)).toBeLessThan(0.5 * Number(before));
  });
});

describe("teachers of any kind", () => {
  it.each(["cast.float16", "quantize.dynamic", "quantize.blockwise"] as const)("%s", async (use) => {
    const wide = mlp({ input: [2], hidden: [128, 64], outputs: 2 }, 5);
    const { model: good } = await run(wide, "train.finetune", { epochs: 10 });
    const recipe = checkRecipe({ name: use, steps: [{ use }] });
    const { model: short, outcome } = await compressModel(good, recipe);
    expect(outcome).toBe("compressed");
    const taught = await distill(network(), {}, { teacher: short });
    const [exact, rounded] = [good, short].map(async (one) =>
      sentences(await distill(network(), { epochs: 1 }, { teacher: one })),
    );
    const line = (all: string[] | undefined) =>
      share(all?.find((text) => text.includes("of the teacher on")));
    expect(Math.abs(line(await exact) - line(await rounded))).toBeLessThan(6);
    expect(sentences(taught)[1]).toMatch(/after$/);
  });

  it("are named where they have nothing to teach", async () => {
    const { result } = await distill(network(), {}, { teacher: network() }, { original: teacher });
    expect(result.warnings).toContain(
      "On the tuning split the teacher was no better than the student before the training: it has little to teach",
    );
  });
});

describe("inner values", () => {
  const wide = { student: "dense1.relu", teacher: "dense1.relu", weight: 3 };

  it("become alike, through a projection that is not part of the result", async () => {
    const { model, result } = await distill(teacher, { student: small, hidden: [wide], epochs: 20 });
    expect(result.changed).toContainEqual({
      name: "dense1.relu",
      what: 'made like "dense1.relu" of the teacher, through a projection from 8 to 32 values that is not part of the result',
    });
    expect(result.changed[1]?.what).toMatch(/^42 weights trained/);
    expect([...weightsOf(model).keys()].toSorted()).toEqual([
      "dense1.bias",
      "dense1.weight",
      "dense2.bias",
      "dense2.weight",
    ]);
    expect(result.changed.some(({ name }) => name.includes("projection"))).toBe(false);
  });

  it("are compared as they are where both have the same width", async () => {
    const losses = new Map<number, number>();
    const student: Options["student"] = { kind: "mlp", input: [2], hidden: [32], outputs: 2 };
    const { result } = await distill(
      teacher,
      { student, alpha: 0, hidden: [{ ...wide, loss: "mse" }], epochs: 20 },
      { onPoint: (curve, step, value) => curve === "loss" && losses.set(step, value) },
    );
    expect(result.changed.map(({ what }) => what)).toContain('made like "dense1.relu" of the teacher');
    expect(losses.get(200)).toBeLessThan(0.5 * (losses.get(1) ?? 0));
  });

  it("must be there, and differ in nothing but their widths", async () => {
    const reason = async (hidden: Options["hidden"]) =>
      (await distill(teacher, { student: small, hidden })).result.skipped[0]?.reason;
    expect(await reason([{ ...wide, student: "x" }])).toBe(
      '"hidden" names "x", which no node of the student makes',
    );
    expect(await reason([{ ...wide, teacher: "y" }])).toBe(
      '"hidden" names "y", which no node of the teacher makes',
    );
  });
});

describe("where one cannot learn from the other", () => {
  it("says how many classes each tells apart", async () => {
    const three = mlp({ input: [2], hidden: [8], outputs: 3 }, 1);
    const { model, result } = await distill(network(), {}, { teacher: three });
    expect(result.skipped[0]?.reason).toBe(
      "the teacher gives 3 values for an item and the student 2: one cannot imitate the other",
    );
    expect(weightsOf(model)).toEqual(weightsOf(network()));
  });

  it("says what does not fit the dataset", async () => {
    const wide: Options["student"] = { kind: "mlp", input: [3], hidden: [8], outputs: 2 };
    const { result } = await distill(network(), { student: wide });
    expect(result.skipped[0]?.reason).toMatch(/^the student does not fit the dataset: .*takes \[batch, 3\]/);
    const other = mlp({ input: [5], hidden: [8], outputs: 2 }, 1);
    const taught = await distill(network(), {}, { teacher: other });
    expect(taught.result.skipped[0]?.reason).toMatch(/^the teacher does not fit the dataset: .*\[batch, 5\]/);
    await expect(distill(other)).rejects.toThrow(/takes \[batch, 5\]/);
  });

  it("says why the runtime refuses a teacher", async () => {
    const odd = network();
    for (const node of odd.graph.node) if (node.opType === "Relu") node.opType = "Nonsense";
    const { result } = await distill(network(), {}, { teacher: odd });
    expect(result.skipped[0]?.reason).toMatch(/^the teacher cannot be executed: .*Nonsense/);
  });

  it("needs data", async () => {
    const { result } = await distill(network(), {}, {}, { training: undefined });
    expect(result.skipped[0]?.reason).toBe("it needs items with labels to train on, and none were given");
  });
});

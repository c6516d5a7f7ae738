import { describe, expect, it } from "vitest";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { makeInt } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { trainingOf } from "#engine/runtime/tools.ts";
import { augmentationStream } from "#engine/train/augment.ts";
import { BatchSource } from "#engine/train/batches.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { lossSchema } from "#engine/train/losses/loss.schema.ts";
import { signatureOf } from "../training/signature.ts";
import { prepareLessons } from "./lessons.ts";
import { Respondent } from "./respondent.ts";
import { quarters } from "./testing/images.ts";

const loss = lossSchema.parse({ kind: "cross-entropy" });
const dataset = quarters();
const { train } = dataset.splits;
const size = 16;
const image = () => mlp({ input: [1, 8, 8], hidden: [12], outputs: 4 }, 3);
/** The same function of the same pixels, which takes them as a row. */
const flat = () => mlp({ input: [64], hidden: [12], outputs: 4 }, 3);

const open = (model: Model, hidden: string[] = []) =>
  Respondent.open(model, hidden, loss, trainingOf(dataset));
const plain = { dataset, rows: train, size, augmentation: undefined, seed: 5 };

function sourceOf(model: Model, data: Dataset = dataset): BatchSource {
  return new BatchSource(data, signatureOf(model), train, size);
}

describe("what a teacher says", () => {
  it("is the same whether it is kept or asked for batch by batch", async () => {
    const teacher = await open(image(), ["dense1.relu"]);
    const fractions: number[] = [];
    const kept = await prepareLessons(teacher, { ...plain, onProgress: (done) => fractions.push(done) });
    expect(kept.bytes).toBe(4 * train.length * (4 + 12));
    expect(fractions.at(-1)).toBe(1);
    const asked = await prepareLessons(teacher, plain, kept.bytes - 1);
    expect(asked.bytes).toBe(0);
    const rows = train.toReversed().subarray(3, 3 + size);
    const batch = { rows, feeds: {}, step: 0 };
    const [one, other] = [await kept.targets(batch), await asked.targets(batch)];
    expect(one.map(({ length }) => length)).toEqual([size * 4, size * 12]);
    one.forEach((values, at) => {
      values.forEach((value, place) => {
        expect(value).toBeCloseTo(other[at]?.[place] ?? Number.NaN, 5);
      });
    });
    await teacher.release();
  });

  it.each([
    { name: "takes them as the student does", make: image },
    { name: "takes them in another shape", make: flat },
  ])("is about the very images that the student gets, where it $name", async ({ make }) => {
    const [teacher, student] = [await open(make()), await open(image())];
    const augmentation = { shift: 2, flip: true };
    const lessons = await prepareLessons(teacher, { ...plain, augmentation });
    const source = sourceOf(image());
    const rows = train.subarray(0, size);
    const still = await student.ask(source.feeds(rows), size);
    const seen: (readonly Float32Array[])[] = [];
    for (const step of [0, 7]) {
      const feeds = source.augmented(rows, augmentation, augmentationStream(plain.seed, step));
      const [said, own] = [await lessons.targets({ rows, feeds, step }), await student.ask(feeds, size)];
      said[0]?.forEach((value, at) => {
        expect(value).toBeCloseTo(own[0]?.[at] ?? Number.NaN, 5);
      });
      seen.push(said);
    }
    const gap = (a: Float32Array | undefined, b: Float32Array | undefined) =>
      Math.max(...(a ?? []).map((value, at) => Math.abs(value - (b?.[at] ?? 0))));
    expect(gap(seen[0]?.[0], still[0])).toBeGreaterThan(0.05);
    expect(gap(seen[0]?.[0], seen[1]?.[0])).toBeGreaterThan(0.05);
    await teacher.release();
    await student.release();
  });

  it("stops where it is asked to", async () => {
    const teacher = await open(image());
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(prepareLessons(teacher, { ...plain, signal })).rejects.toThrow("enough");
    await teacher.release();
  });
});

describe("a teacher with a batch of its own", () => {
  it("gets the items part by part", async () => {
    const fixed = image();
    for (const { type } of [...fixed.graph.input, ...fixed.graph.output]) {
      const dims = type?.tensorType?.shape?.dim;
      if (dims?.[0] !== undefined) dims[0] = { dimValue: 5 };
    }
    const [teacher, free] = [await open(fixed), await open(image())];
    const feeds = sourceOf(image()).feeds(train.subarray(0, size));
    const [parts, whole] = [await teacher.ask(feeds, size), await free.ask(feeds, size)];
    expect(parts[0]?.length).toBe(size * 4);
    parts[0]?.forEach((value, at) => {
      expect(value).toBeCloseTo(whole[0]?.[at] ?? Number.NaN, 5);
    });
    expect(await teacher.score(train, size)).toEqual({
      loss: expect.closeTo((await free.score(train, size))?.loss ?? 0, 5),
      accuracy: (await free.score(train, size))?.accuracy,
    });
    await teacher.release();
    await free.release();
  });

  it("is refused where it has no axis for items", async () => {
    const single = image();
    single.graph.input[0]?.type?.tensorType?.shape?.dim.splice(0, 2);
    const [flatten] = single.graph.node;
    if (flatten !== undefined) flatten.attribute = [makeInt("axis", 0)];
    await expect(open(single)).rejects.toThrow("It has no axis for the items of a batch");
  });
});

it("images of several inputs are moved alike, in whichever order a model takes them", () => {
  const [one] = dataset.manifest.inputs;
  const [encoder] = dataset.encoders;
  if (one === undefined || encoder === undefined) throw new Error("the dataset has an input");
  const both: Dataset = {
    ...dataset,
    encoders: ["a", "b"].map((to) => ({ ...encoder, input: { ...one, to } })),
  };
  const feedsOf = (names: readonly string[]) => {
    const inputs = names.map((name) => ({ name, dtype: "float32", shape: ["N", 1, 8, 8] }) as const);
    const source = new BatchSource(both, { inputs, outputs: [] }, train, size);
    const random = augmentationStream(1, 2);
    return source.augmented(train.subarray(0, size), { shift: 2, flip: true }, random);
  };
  const [ab, ba] = [feedsOf(["a", "b"]), feedsOf(["b", "a"])];
  expect(ab.a?.data).not.toEqual(ab.b?.data);
  expect(ba).toEqual({ a: ab.a, b: ab.b });
});

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import type { DatasetName, Localized } from "./types.ts";

/** Where the trained models are, with `models.json`, the record of their training. */
export const modelsFolder = resolve(import.meta.dirname, "models");

const recordSchema = z.strictObject({
  file: z.string(),
  sha256: z.string().length(64),
  bytes: z.int(),
  seed: z.int(),
  epochs: z.int(),
  batch: z.int(),
  rate: z.number(),
  decay: z.number(),
  /** Share of test items that the model gets wrong; for ratings, off by more than one star. */
  testError: z.number(),
  /** Stars, ratings only. */
  testRmse: z.number().optional(),
});

/** What `train.ts` writes beside the models. */
export const recordsSchema = z.strictObject({
  glyphs: recordSchema,
  topics: recordSchema,
  ratings: recordSchema,
});
export type Records = z.infer<typeof recordsSchema>;

/** The record of the committed models' training. */
export function readRecords(): Records {
  return recordsSchema.parse(JSON.parse(readFileSync(resolve(modelsFolder, "models.json"), "utf8")));
}

/** A demo model as the seed registers it. */
export interface DemoModel {
  name: string;
  /** File in `modelsFolder`. */
  file: string;
  description: Localized;
  dataset: DatasetName;
  task: "classification" | "ranking";
}

/** The demo models, one for each demo dataset. */
export const models: readonly DemoModel[] = [
  {
    name: "glyphs-mlp",
    file: "glyphs.onnx",
    description: {
      en: "Multilayer perceptron 784-128-64-10 that names a drawn pictogram",
      zh: "识别手绘图标的多层感知机，结构为 784-128-64-10",
    },
    dataset: "glyphs",
    task: "classification",
  },
  {
    name: "topics-bag",
    file: "topics.onnx",
    description: {
      en: "Embedding-bag classifier that tells the topic of a short English text: mean of word embeddings of width 64, one hidden layer",
      zh: "判断英文短文主题的词嵌入分类器：取 64 维词向量的平均值，再经一个隐藏层",
    },
    dataset: "topics",
    task: "classification",
  },
  {
    name: "ratings-factors",
    file: "ratings.onnx",
    description: {
      en: "Matrix-factorisation recommender with 32 factors and biases that predicts a user's rating of an item",
      zh: "预测用户对物品评分的矩阵分解推荐模型，含 32 个因子与偏置",
    },
    dataset: "ratings",
    task: "ranking",
  },
];

/** The bytes of a demo model. */
export function modelBytes(model: DemoModel): Uint8Array {
  return readFileSync(resolve(modelsFolder, model.file));
}

/** The demo content that the seed registers: datasets generated on the spot, models trained for them. */
export { glyphs } from "./glyphs/dataset.ts";
export { type DemoModel, modelBytes, models, readRecords } from "./models.ts";
export { ratings } from "./ratings/dataset.ts";
export { topics } from "./topics/dataset.ts";
export type { DatasetName, DemoDataset, Localized } from "./types.ts";

/** A text in each language of the interface. */
export interface Localized {
  en: string;
  zh: string;
}

/** The names of the demo datasets. */
export const datasetNames = ["glyphs", "topics", "ratings"] as const;
export type DatasetName = (typeof datasetNames)[number];

/** A generated dataset, as the seed registers it: the same bytes on every machine. */
export interface DemoDataset {
  name: DatasetName;
  description: Localized;
  /** The dataset's manifest (`dataset.yaml`). */
  manifestText: string;
  /** File name, as the manifest names it, → content. */
  files: Map<string, Uint8Array>;
  /** Data card in Markdown: what it is, how it was generated, licence, seed. */
  card: Localized;
}

/** A named tensor of weights, row major, on its way into an ONNX file. */
export interface Tensor {
  dims: number[];
  data: Float32Array;
}

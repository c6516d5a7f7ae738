/** Text of a model.json: published ones have below 5 MB, and parsed text takes some ten times its length. */
export const maxJsonBytes = 32 * 2 ** 20;

/** Files of a folder that are opened in search of the model, where none is called model.json. */
export const maxCandidates = 20;

/** Groups, shards and weights of a manifest; the largest published models have some thousands of weights. */
export const maxEntries = 50_000;

/** Bytes of all weights once they are float32 or int32 again: an ONNX file ends at 2 GiB. */
export const maxWeightBytes = 2 ** 31 - 1;

/** Dimensions of a tensor: TensorFlow.js itself goes up to six. */
export const maxRank = 8;

/** Layers that are applied, those of nested models once for each call: each is some nodes of the graph. */
export const maxCalls = 50_000;

/** Nodes that are written: models of 100,000 are the largest that are known. */
export const maxNodes = 200_000;

/** Parts of one value. */
export const maxParts = 10_000;

/** Models inside of models. */
export const maxDepth = 20;

/** Elements of one sample of an inner value: 8 GiB of float32. */
export const maxElements = 2 ** 31;

import type { Model } from "#engine/onnx/model.ts";
import { type Untrained, untrainedSchema } from "./untrained.schema.ts";

/** Where the file of a model that was built from an architecture says so, until it is trained. */
const key = "parsimony.untrained";

/** Writes into a model what its weights were drawn from. */
export function markUntrained(model: Model, of: Untrained): void {
  clearUntrained(model);
  model.metadataProps = [...(model.metadataProps ?? []), { key, value: JSON.stringify(of) }];
}

/** The weights were trained: the mark goes. */
export function clearUntrained(model: Model): void {
  if (model.metadataProps?.some((one) => one.key === key))
    model.metadataProps = model.metadataProps.filter((one) => one.key !== key);
}

/** What the weights of a model were drawn from, where it says that nothing has trained them yet. */
export function untrainedOf(model: Model): Untrained | undefined {
  const value = model.metadataProps?.find((one) => one.key === key)?.value;
  if (value === undefined) return undefined;
  try {
    return untrainedSchema.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}

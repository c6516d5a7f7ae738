import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import { sizeMeasurements } from "#engine/evaluate/size.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { modelSize } from "#engine/runtime/model-size.ts";
import type { Subject, Subjects } from "./subject.ts";

/** Bytes, parameters and zeros: counted, so exact. */
export async function sizes({ candidate, baseline }: Subjects): Promise<Measurement[]> {
  const after = await sizeOf(candidate);
  const before = baseline && (await sizeOf(baseline));
  return sizeMeasurements(after, { engineVersion }, before);
}

/** Models of the store stand alone: they have no external data. */
function sizeOf({ path, model, inspection }: Subject) {
  return modelSize({ path, model, bytes: inspection.bytes, externalBytes: 0, externalFiles: [] }, inspection);
}

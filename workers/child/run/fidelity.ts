import type { Measured } from "#contracts/measurement.ts";
import { english } from "#engine/english.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { compareFidelity } from "#engine/runtime/compare-fidelity.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { runtimeVersion } from "#engine/runtime/session.ts";
import { tell } from "../parent.ts";
import { remark } from "../say.ts";
import type { Subject } from "./subject.ts";

export interface FidelityTask {
  readonly original: Subject;
  readonly variant: Subject;
  /** Without labels; its items are better inputs than made-up ones. */
  readonly dataset: Dataset | undefined;
  readonly bounds: ReadonlyMap<string, number>;
  readonly seed: number;
  readonly onProgress: (share: number) => void;
}

/** How close the variant's outputs are to the original's, where no labels tell how good either is. */
export async function fidelity({ original, variant, ...rest }: FidelityTask): Promise<Measured[]> {
  const report = await compareFidelity({
    ...rest,
    original: original.session,
    variant: variant.session,
    macs: original.inspection.macs,
    conditions: { engineVersion, runtime: "onnxruntime-node", runtimeVersion },
  });
  for (const alarm of report.alarms) tell(remark("log.alarm", { alarm }), "warn");
  return report.measurements.map((measurement) => ({
    ...measurement,
    qualityKey: null,
    performanceKey: null,
    detail: report.alarms.length > 0 ? { alarms: report.alarms.map(english) } : null,
  }));
}

import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import type { Model } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import type { Calibrator } from "../calibration/calibrator.ts";
import { HistogramCalibrator } from "../calibration/histogram-calibrator.ts";
import { MinMax } from "../calibration/minmax.ts";
import { MovingAverage } from "../calibration/moving-average.ts";
import type { Range } from "../calibration/range.ts";
import { observe } from "../observe.ts";
import type { CalibrationData, PassTools } from "../pass.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";

function makeCalibrator(options: QuantizeStaticOptions): Calibrator {
  const { calibration, percentile, bins } = options;
  const symmetric = options.symmetric_ranges ?? calibration === "percentile";
  switch (calibration) {
    case "minmax":
      return new MinMax({ symmetric });
    case "moving-average":
      return new MovingAverage({ symmetric });
    case "percentile":
      return new HistogramCalibrator({ kind: "percentile", percentile, symmetric }, bins);
    case "entropy":
      return new HistogramCalibrator({ kind: "entropy", quantizedBins: options.quantized_bins }, bins);
  }
}

/** The first items only; the last batch may reach a little beyond. */
export function firstItems(data: CalibrationData, count: number): CalibrationData {
  if (data.items <= count) return data;
  return {
    items: count,
    description: say("common.firstItems", { count, items: data.description }),
    batches: (signature) => ({
      *[Symbol.iterator](): Generator<FeedBatch> {
        let seen = 0;
        for (const batch of data.batches(signature)) {
          if (seen >= count) return;
          seen += batch.rows.length;
          yield batch;
        }
      },
    }),
  };
}

/**
 * Runs the calibration items through the model and learns the range of each value.
 *
 * @param names values of the main graph; those that are not float32 get no range
 * @param onProgress share of the items seen
 * @throws EngineError as `observe` does
 */
export async function collectRanges(
  model: Model,
  names: readonly string[],
  tools: PassTools,
  options: QuantizeStaticOptions,
  onProgress: (fraction: number) => void,
): Promise<Map<string, Range>> {
  const calibrators = new Map<string, Calibrator>();
  const { sweeps } = makeCalibrator(options);
  const items = Math.max(1, tools.calibration?.items ?? 1) * sweeps;
  let seen = 0;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    await observe(model, names, tools, ({ values, batch }) => {
      for (const [name, { data, dtype }] of Object.entries(values)) {
        if (dtype !== "float32" || !(data instanceof Float32Array)) continue;
        const calibrator = calibrators.get(name) ?? makeCalibrator(options);
        calibrators.set(name, calibrator);
        calibrator.observe(data, sweep);
      }
      seen += batch.rows.length;
      onProgress(Math.min(1, seen / items));
    });
  }
  const ranges = new Map<string, Range>();
  for (const name of names) {
    const range = calibrators.get(name)?.range();
    if (range !== undefined) ranges.set(name, range);
  }
  return ranges;
}

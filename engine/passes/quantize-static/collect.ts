import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import type { Model } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import type { Calibrator } from "../calibration/calibrator.ts";
import { HistogramCalibrator } from "../calibration/histogram-calibrator.ts";
import { MinMax } from "../calibration/minmax.ts";
import { MovingAverage } from "../calibration/moving-average.ts";
import type { Range } from "../calibration/range.ts";
import type { Place } from "../observation/place.ts";
import { Sight } from "../observation/sight.ts";
import { observePlaces } from "../observe.ts";
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
 * @param places of values; those that are not float32 get no range, nor do those that were not seen in all batches
 * @param onProgress share of the items seen
 * @throws EngineError as `observe` does
 */
export async function collectRanges(
  model: Model,
  places: ReadonlySet<Place>,
  tools: PassTools,
  options: QuantizeStaticOptions,
  onProgress: (fraction: number) => void,
): Promise<{ readonly ranges: ReadonlyMap<Place, Range>; readonly sight: Sight }> {
  const calibrators = new Map<Place, Calibrator>();
  const { sweeps } = makeCalibrator(options);
  const items = Math.max(1, tools.calibration?.items ?? 1) * sweeps;
  let seen = 0;
  let sight = Sight.none;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    sight = await observePlaces(model, places, tools, ({ values, batch }) => {
      for (const [place, turns] of values) {
        for (const { data, dtype } of turns) {
          if (dtype !== "float32" || !(data instanceof Float32Array)) continue;
          const calibrator = calibrators.get(place) ?? makeCalibrator(options);
          calibrators.set(place, calibrator);
          calibrator.observe(data, sweep);
        }
      }
      seen += batch.rows.length;
      onProgress(Math.min(1, seen / items));
    });
  }
  const ranges = new Map<Place, Range>();
  for (const place of places) {
    const range = sight.fault([place]) === undefined ? calibrators.get(place)?.range() : undefined;
    if (range !== undefined) ranges.set(place, range);
  }
  return { ranges, sight };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import type { Range } from "../../calibration/range.ts";
import { type QuantizeStaticOptions, quantizeStaticSchema } from "../../quantize.static.schema.ts";
import { initializersOf, loadModel, nodesOf } from "../../testing/describe.ts";
import { goldenSources } from "../../testing/golden-sources.ts";
import { chooseNodes } from "../choose.ts";
import { raiseOpset, settleWeights } from "../prepare.ts";
import { writeQuantized } from "../write.ts";

/** One output of ONNX Runtime's quantiser with what went in. */
export interface Variant {
  name: string;
  title: string;
  variant: string;
  file: string;
  options: {
    quant_format?: string;
    activation_type?: string;
    weight_type?: string;
    per_channel?: boolean;
    reduce_range?: boolean;
    op_types_to_quantize?: string[];
    calibrate_method?: string;
    extra_options?: Record<string, boolean | number>;
  };
  ranges: Record<string, [string, string]>;
}

export const goldenFolder = sharedData("golden/static");

function variantsOf(name: string): Variant[] {
  if (goldenFolder === undefined) return [];
  const file = readFileSync(join(goldenFolder, `${name}.json`), "utf8");
  const { variants } = JSON.parse(file) as { variants: Variant[] };
  return variants.map((entry) => ({ ...entry, name, title: `${name}.${entry.variant}` }));
}

/** Types and options of ONNX Runtime's quantiser that this engine does not offer. */
const foreign = /u16s8|u8s4|restricted/;

const isFaulty = ({ variant, name }: Variant) =>
  variant === "qdq_u8s8_calibsym" || (!name.startsWith("torch") && /^qdq_.*_pc(_rr)?$/.test(variant));

const all = Object.keys(goldenSources).flatMap(variantsOf);
const offered = all.filter(({ variant }) => !foreign.test(variant));
export const counts = { all: all.length, foreign: all.length - offered.length };
/** Outputs with a fault that is not copied: per-channel pairs below opset 13, and a Relu that is lost. */
export const faulty = offered.filter(isFaulty);
export const exact = offered.filter((entry) => !isFaulty(entry));

export function optionsOf({ options }: Pick<Variant, "options">): QuantizeStaticOptions {
  const type = (name: string | undefined) => (name === undefined || name === "QInt8" ? "int8" : "uint8");
  const extra = options.extra_options ?? {};
  const method = options.calibrate_method?.replace("CalibrationMethod.", "").toLowerCase() ?? "minmax";
  return quantizeStaticSchema.parse({
    use: "quantize.static",
    format: options.quant_format === "QOperator" ? "qoperator" : "qdq",
    activation_type: type(options.activation_type),
    weight_type: type(options.weight_type),
    per_channel: options.per_channel ?? false,
    reduce_range: options.reduce_range ?? false,
    symmetric_activations: extra.ActivationSymmetric ?? false,
    keep_activations: extra.QDQKeepRemovableActivations ?? false,
    calibration: extra.CalibMovingAverage ? "moving-average" : method,
    ...(extra.CalibPercentile === undefined ? {} : { percentile: extra.CalibPercentile }),
    ...(extra.CalibTensorRangeSymmetric === undefined ? {} : { symmetric_ranges: true }),
    ...(method === "entropy" ? { bins: 128 } : {}),
    ...(options.op_types_to_quantize === undefined ? {} : { op_types: options.op_types_to_quantize }),
  });
}

function float(hex: string): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number.parseInt(hex, 16));
  return view.getFloat32(0);
}

function rangesOf({ ranges }: Variant): Map<string, Range> {
  return new Map(
    Object.entries(ranges).map(([name, [low, high]]) => [name, { low: float(low), high: float(high) }]),
  );
}

export function sourceOf({ name, variant }: Variant): Model {
  const model = cloneStructure(loadModel(sharedData(goldenSources[name] ?? "") ?? ""));
  // These were made from a source whose opset had been overwritten.
  const opset = model.opsetImport.find((entry) => !entry.domain);
  if (variant.endsWith("_opset13") && opset !== undefined) opset.version = 13;
  return model;
}

/** The variant's model from its ranges: nothing is executed. */
export function fromRanges(variant: Variant): Model {
  const model = sourceOf(variant);
  const options = optionsOf(variant);
  expect(raiseOpset(model, options)).toBeUndefined();
  const released = settleWeights(model);
  const { chosen } = chooseNodes(indexModel(model), options);
  const plan = { chosen, unrounded: new Set<string>() };
  writeQuantized(model, options, plan, new Map([[model.graph, rangesOf(variant)]]), released);
  return model;
}

export function goldenModel(file: string): Model {
  return loadModel(join(goldenFolder ?? "", file));
}

export function expectSame(model: Model, expected: Model): void {
  expect(nodesOf(model.graph)).toEqual(nodesOf(expected.graph));
  expect(initializersOf(model.graph)).toEqual(initializersOf(expected.graph));
  const opsets = (from: Model) => from.opsetImport.map((entry) => [entry.domain ?? "", entry.version]);
  expect(opsets(model)).toEqual(opsets(expected));
  const outputs = (from: Model) => from.graph.output.map(({ name }) => name);
  expect(outputs(model)).toEqual(outputs(expected));
}

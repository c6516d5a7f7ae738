import { optionTables } from "../reader/options.ts";
import { innerForm } from "../writer/integers.ts";
import { numbers, store } from "../writer/numbers.ts";
import type { Converter } from "./converter.ts";

/** Over the last axis; beta scales the scores before. */
const softmax: Converter = (site) => {
  const { beta } = site.options(optionTables.softmax);
  const [from, to] = [site.input(0), site.output()];
  const scores = numbers(site, from);
  if (from.shape.at(-1) === 1 && innerForm(to) !== undefined) {
    // Always 1, for which ONNX Runtime 1.30's integer kernel gives 0.
    store(site, to, site.node("Exp", [site.node("Sub", [scores, scores])]));
    return;
  }
  const scaled = beta === 1 ? scores : site.node("Mul", [scores, site.scalar(beta)]);
  store(site, to, site.node("Softmax", [scaled], { axis: -1 }));
};

const logSoftmax: Converter = (site) => {
  store(site, site.output(), site.node("LogSoftmax", [numbers(site, site.input(0))], { axis: -1 }));
};

/** x / max(‖x‖, 10⁻⁶) over the last axis (`L2Normalization` of TensorFlow Lite's reference kernels). */
const l2Normalization: Converter = (site) => {
  const x = numbers(site, site.input(0));
  const norm = site.node("ReduceL2", [x, site.ints("axes_-1", [-1])], { keepdims: 1 });
  store(site, site.output(), site.node("Div", [x, site.node("Max", [norm, site.scalar(1e-6)])]));
};

export const normalizations = {
  SOFTMAX: softmax,
  LOG_SOFTMAX: logSoftmax,
  L2_NORMALIZATION: l2Normalization,
} satisfies Record<string, Converter>;

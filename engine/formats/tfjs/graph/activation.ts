import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { own } from "#engine/own.ts";
import type { Signal } from "./signal.ts";
import type { GraphWriter } from "./writer.ts";

type Write = (writer: GraphWriter, x: string, scope: string) => string;

const plainNode =
  (opType: string): Write =>
  (writer, x, scope) =>
    writer.node(opType, [x], scope);

/** ½ x (1 + erf(x / √2)): Hendrycks and Gimpel 2016. */
const gelu: Write = (writer, x, scope) => {
  const scaled = writer.node("Mul", [x, writer.float(Math.SQRT1_2)], scope);
  const curve = writer.node("Add", [writer.node("Erf", [scaled], scope), writer.float(1)], scope);
  return writer.node("Mul", [writer.node("Mul", [x, writer.float(0.5)], scope), curve], scope);
};

/** Its approximation ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), the same source. */
const geluNew: Write = (writer, x, scope) => {
  const square = writer.node("Mul", [x, x], scope);
  const cube = writer.node("Mul", [square, x], scope);
  const bent = writer.node("Add", [x, writer.node("Mul", [cube, writer.float(0.044715)], scope)], scope);
  const scaled = writer.node("Mul", [bent, writer.float(Math.sqrt(2 / Math.PI))], scope);
  const curve = writer.node("Add", [writer.node("Tanh", [scaled], scope), writer.float(1)], scope);
  return writer.node("Mul", [writer.node("Mul", [x, writer.float(0.5)], scope), curve], scope);
};

const swish: Write = (writer, x, scope) => writer.node("Mul", [x, writer.node("Sigmoid", [x], scope)], scope);

/** Between 0 and `max`. */
const clipTo =
  (max: number): Write =>
  (writer, x, scope) =>
    writer.node("Clip", [x, writer.float(0), writer.float(max)], scope);

const lastAxis = (opType: string): Write => {
  return (writer, x, scope) => writer.node(opType, [x], scope, [makeInt("axis", -1)]);
};

/**
 * Activations as TensorFlow.js computes them (tfjs-layers, `activations.ts`); `hard_sigmoid` is that of Keras 2,
 * 0.2 x + 0.5 between 0 and 1.
 */
const table: Readonly<Record<string, Write>> = {
  linear: (_, x) => x,
  relu: plainNode("Relu"),
  relu6: clipTo(6),
  elu: plainNode("Elu"),
  selu: plainNode("Selu"),
  gelu,
  gelu_new: geluNew,
  sigmoid: plainNode("Sigmoid"),
  hard_sigmoid: (writer, x, scope) =>
    writer.node("HardSigmoid", [x], scope, [makeFloat("alpha", 0.2), makeFloat("beta", 0.5)]),
  softplus: plainNode("Softplus"),
  softsign: plainNode("Softsign"),
  tanh: plainNode("Tanh"),
  exponential: plainNode("Exp"),
  softmax: lastAxis("Softmax"),
  log_softmax: lastAxis("LogSoftmax"),
  swish,
  silu: swish,
  mish: plainNode("Mish"),
};

/** Whether an activation of this name is known. */
export function isActivation(name: string): boolean {
  return Object.hasOwn(table, name);
}

/** @param name one that `isActivation` knows; others change nothing */
export function activate(writer: GraphWriter, x: Signal, name: string, scope: string): Signal {
  const write = own(table, name);
  return write === undefined ? x : { ...x, name: write(writer, x.name, scope) };
}

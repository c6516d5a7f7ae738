import { makeFloat, makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { sizeOf } from "../autodiff/operand.ts";
import type { Network, Signal } from "./network.ts";

/** A fully connected layer on vectors. */
export function dense(net: Network, x: Signal, name: string, outputs: number): Signal {
  const [inputs = 1] = x.dims;
  const weight = net.weight(`${name}.weight`, [outputs, inputs], inputs, outputs);
  const bias = net.constant(`${name}.bias`, [outputs], 0);
  return net.node("Gemm", [x.name, weight, bias], name, [outputs], [makeInt("transB", 1)]);
}

/** A fully connected layer on the last axis. */
export function project(net: Network, x: Signal, name: string, outputs: number): Signal {
  const inputs = x.dims.at(-1) ?? 1;
  const weight = net.weight(`${name}.weight`, [inputs, outputs], inputs, outputs);
  const bias = net.constant(`${name}.bias`, [outputs], 0);
  const dims = [...x.dims.slice(0, -1), outputs];
  const product = net.node("MatMul", [x.name, weight], `${name}.product`, dims);
  return net.node("Add", [product.name, bias], name, dims);
}

export interface ConvOptions {
  readonly stride?: number;
  readonly pad?: number;
  readonly group?: number;
  /** A normalisation that follows brings one of its own. */
  readonly bias?: boolean;
}

/** A convolution of images [channels, height, width] with square kernels. */
export function conv(
  net: Network,
  x: Signal,
  name: string,
  outputs: number,
  kernel: number,
  { stride = 1, pad = 0, group = 1, bias = true }: ConvOptions = {},
): Signal {
  const [inputs = 1, ...size] = x.dims;
  const area = kernel * kernel;
  const each = inputs / group;
  const weight = net.weight(
    `${name}.weight`,
    [outputs, each, kernel, kernel],
    each * area,
    (outputs / group) * area,
  );
  const made = size.map((side) => Math.floor((side + 2 * pad - kernel) / stride) + 1);
  const operands = bias ? [x.name, weight, net.constant(`${name}.bias`, [outputs], 0)] : [x.name, weight];
  return net.node(
    "Conv",
    operands,
    name,
    [outputs, ...made],
    [
      makeInts("kernel_shape", [kernel, kernel]),
      makeInts("strides", [stride, stride]),
      makeInts("pads", [pad, pad, pad, pad]),
      makeInt("group", group),
    ],
  );
}

export function batchNorm(net: Network, x: Signal, name: string): Signal {
  const [channels = 1] = x.dims;
  const parameters = (["scale", 1, "bias", 0, "mean", 0, "variance", 1] as const).flatMap((part, at, all) => {
    const value = all[at + 1];
    return typeof part === "string" && typeof value === "number"
      ? [net.constant(`${name}.${part}`, [channels], value)]
      : [];
  });
  return net.node("BatchNormalization", [x.name, ...parameters], name, x.dims, [makeFloat("epsilon", 1e-5)]);
}

export function layerNorm(net: Network, x: Signal, name: string): Signal {
  const width = x.dims.at(-1) ?? 1;
  const scale = net.constant(`${name}.scale`, [width], 1);
  const bias = net.constant(`${name}.bias`, [width], 0);
  return net.node("LayerNormalization", [x.name, scale, bias], name, x.dims, [makeInt("axis", -1)]);
}

export function maxPool(net: Network, x: Signal, name: string, kernel: number): Signal {
  const [channels = 1, ...size] = x.dims;
  const made = size.map((side) => Math.floor(side / kernel));
  return net.node(
    "MaxPool",
    [x.name],
    name,
    [channels, ...made],
    [makeInts("kernel_shape", [kernel, kernel]), makeInts("strides", [kernel, kernel])],
  );
}

/** The mean of each channel of an image. */
export function channelMeans(net: Network, x: Signal, name: string): Signal {
  const [channels = 1] = x.dims;
  return flatten(net, net.node("GlobalAveragePool", [x.name], name, [channels, 1, 1]));
}

export function relu(net: Network, x: Signal): Signal {
  return net.node("Relu", [x.name], `${x.name}.relu`, x.dims);
}

/** x · ½ (1 + erf(x / √2)), in operators that every opset has. */
export function gelu(net: Network, x: Signal): Signal {
  const scaled = net.node(
    "Div",
    [x.name, net.constant(`${x.name}.root`, [], Math.SQRT2)],
    `${x.name}.scaled`,
    x.dims,
  );
  const error = net.node("Erf", [scaled.name], `${x.name}.erf`, x.dims);
  const share = net.node(
    "Add",
    [error.name, net.constant(`${x.name}.one`, [], 1)],
    `${x.name}.share`,
    x.dims,
  );
  const product = net.node("Mul", [x.name, share.name], `${x.name}.twice`, x.dims);
  return net.node("Mul", [product.name, net.constant(`${x.name}.half`, [], 0.5)], `${x.name}.gelu`, x.dims);
}

export function add(net: Network, a: Signal, b: Signal, name: string): Signal {
  return net.node("Add", [a.name, b.name], name, a.dims);
}

export function flatten(net: Network, x: Signal): Signal {
  return net.node("Flatten", [x.name], `${x.name}.flat`, [sizeOf(x.dims)], [makeInt("axis", 1)]);
}

/** Rows of a table by their numbers. */
export function embed(
  net: Network,
  ids: Signal,
  name: string,
  rows: number,
  width: number,
  deviation = 0.02,
): Signal {
  const table = net.table(`${name}.table`, rows, width, deviation);
  return net.node("Gather", [table, ids.name], name, [...ids.dims, width], [makeInt("axis", 0)]);
}

export function transpose(net: Network, x: Signal, perm: readonly number[], name: string): Signal {
  return net.node(
    "Transpose",
    [x.name],
    name,
    perm.slice(1).map((axis) => x.dims[axis - 1] ?? 1),
    [makeInts("perm", perm)],
  );
}

/** Another shape of the same values; the batch stays. */
export function reshape(net: Network, x: Signal, dims: readonly number[], name: string): Signal {
  return net.node("Reshape", [x.name, net.ints(`${name}.shape`, [0, ...dims])], name, dims);
}

import { optionTables } from "../reader/options.ts";
import { activations } from "../writer/activations.ts";
import { activate, numbers, store } from "../writer/numbers.ts";
import type { Attributes, Site } from "../writer/site.ts";
import type { Converter } from "./converter.ts";

function unary(compute: string | ((site: Site, value: string) => string)): Converter {
  return (site) => {
    const value = numbers(site, site.input(0));
    store(
      site,
      site.output(),
      typeof compute === "string" ? site.node(compute, [value]) : compute(site, value),
    );
  };
}

/** ADD and the like, which may have an activation within them. */
function binary(opType: string, isActivated = false): Converter {
  return (site) => {
    const activation = isActivated ? site.options(optionTables.activated).activation : activations.none;
    const value = site.node(opType, [numbers(site, site.input(0)), numbers(site, site.input(1))]);
    store(site, site.output(), value, { activation });
  };
}

const withAttributes = (opType: string, attributes: Attributes) =>
  unary((site, value) => site.node(opType, [value], attributes));

const clip = (activation: number) => unary((site, value) => activate(site, value, activation));

const leakyRelu: Converter = unary((site, value) =>
  site.node("LeakyRelu", [value], { alpha: { float: site.options(optionTables.leakyRelu).alpha } }),
);

/** Of x, or with the tanh that approximates it: ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
const gelu: Converter = unary((site, x) => {
  const half = (inner: string) =>
    site.node("Mul", [site.node("Mul", [x, site.scalar(0.5)]), site.node("Add", [inner, site.scalar(1)])]);
  if (site.options(optionTables.gelu).approximate === 0)
    return half(site.node("Erf", [site.node("Mul", [x, site.scalar(Math.SQRT1_2)])]));
  const cube = site.node("Mul", [x, site.node("Mul", [x, x])]);
  const sum = site.node("Add", [x, site.node("Mul", [cube, site.scalar(0.044715)])]);
  return half(site.node("Tanh", [site.node("Mul", [sum, site.scalar(Math.sqrt(2 / Math.PI))])]));
});

const prelu: Converter = (site) => {
  const value = site.node("PRelu", [numbers(site, site.input(0)), numbers(site, site.input(1))]);
  store(site, site.output(), value);
};

const squaredDifference: Converter = (site) => {
  const difference = site.node("Sub", [numbers(site, site.input(0)), numbers(site, site.input(1))]);
  store(site, site.output(), site.node("Mul", [difference, difference]));
};

const addN: Converter = (site) => {
  const inputs = site.operator.inputs.map((_, at) => numbers(site, site.input(at)));
  store(site, site.output(), site.node("Sum", inputs));
};

/** Of floats; integers are divided and rounded down, which ONNX's Div does not. */
const floorDivision =
  (isRemainder: boolean): Converter =>
  (site) => {
    if (site.output().type !== "float32") site.refuse(`of ${site.output().type}`);
    const [x, y] = [numbers(site, site.input(0)), numbers(site, site.input(1))];
    const floor = site.node("Floor", [site.node("Div", [x, y])]);
    store(site, site.output(), isRemainder ? site.node("Sub", [x, site.node("Mul", [floor, y])]) : floor);
  };

export const elementwise = {
  ABS: unary("Abs"),
  ADD: binary("Add", true),
  ADD_N: addN,
  CEIL: unary("Ceil"),
  COS: unary("Cos"),
  DIV: binary("Div", true),
  ELU: withAttributes("Elu", { alpha: { float: 1 } }),
  EXP: unary("Exp"),
  FLOOR: unary("Floor"),
  FLOOR_DIV: floorDivision(false),
  FLOOR_MOD: floorDivision(true),
  GELU: gelu,
  HARD_SWISH: unary("HardSwish"),
  LEAKY_RELU: leakyRelu,
  LOG: unary("Log"),
  LOGISTIC: unary("Sigmoid"),
  MAXIMUM: binary("Max"),
  MINIMUM: binary("Min"),
  MUL: binary("Mul", true),
  NEG: unary("Neg"),
  POW: binary("Pow"),
  PRELU: prelu,
  RELU: clip(activations.relu),
  RELU6: clip(activations.relu6),
  RELU_0_TO_1: unary((site, value) => site.node("Clip", [value, site.scalar(0), site.scalar(1)])),
  RELU_N1_TO_1: clip(activations.reluN1To1),
  ROUND: unary("Round"),
  RSQRT: unary((site, value) => site.node("Reciprocal", [site.node("Sqrt", [value])])),
  SIGN: unary("Sign"),
  SIN: unary("Sin"),
  SQRT: unary("Sqrt"),
  SQUARE: unary((site, value) => site.node("Mul", [value, value])),
  SQUARED_DIFFERENCE: squaredDifference,
  SUB: binary("Sub", true),
  TANH: unary("Tanh"),
} satisfies Record<string, Converter>;

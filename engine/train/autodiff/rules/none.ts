import type { Rule } from "../rule.ts";

/** Nothing flows back: the loss does not change with the input, or its values are whole numbers or booleans. */
const none: Rule = () => [];

const flat = "Ceil Floor Hardmax Round Sign";
const places = "ArgMax ArgMin NonMaxSuppression NonZero Shape Size";
const booleans = "And Equal Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Not Or Xor";
const bits = "BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor";
const sources = "Constant ConstantOfShape EyeLike Range";
const random = "Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike";

/** Operators at which a gradient simply stops, which is no error. */
export const noGradient: Readonly<Record<string, Rule>> = Object.fromEntries(
  [flat, places, booleans, bits, sources, random]
    .flatMap((names) => names.split(" "))
    .map((opType) => [opType, none]),
);

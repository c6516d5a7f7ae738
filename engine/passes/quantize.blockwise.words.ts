export const words = {
  symmetric: '{op}: "{weight}" {from} → {to}, blocks of {size, number}, symmetric, {how}',
  withZeroPoints: '{op}: "{weight}" {from} → {to}, blocks of {size, number}, with zero points, {how}',
  gptq: "GPTQ",
  hqq: "HQQ",
  nearest: "rounded to nearest",
  nearestTable: "rounded to nearest, as tables are",
  nearestSince: "rounded to nearest, since {reason}",
  inputsUseless: "its inputs are not finite or always zero",
  inputsTooMany: "what its {count, number} inputs have in common does not fit into memory",
  opsetTooOld: "opset {opset, number} is too old to look at its inputs",
  otherAxis: "it does not gather along the first axis",
  belowBlock: "its weight is smaller than one block of {size, number}",
  shortRows: "its rows have {length, number} elements, too few for a scale of their own",
  shortColumns: "its columns have {length, number} elements, too few for a scale of their own",
  oddRows: "its rows have {length, number} elements: rows of 4-bit numbers are packed in pairs",
  rowsGrow:
    "it would grow from {before, number} to {bytes, number} bytes: its rows of {length, number} are filled up to blocks of {size, number}",
  columnsGrow:
    "it would grow from {before, number} to {bytes, number} bytes: its columns of {length, number} are filled up to blocks of {size, number}",
  overflows: 'the values of "{name}" are not finite, or their range overflows',
  floatZeros:
    "HQQ has float zero points: ONNX Runtime has no fast kernel for them and unpacks such a weight at every call, so that the model is smaller but slower",
  floatsStay:
    "The float values of {names} stay in the file as well: nodes that cannot be quantised read them",
} as const;

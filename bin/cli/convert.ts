import { english } from "#engine/english.ts";
import type { Conversion } from "#engine/formats/conversion.schema.ts";
import type { Command } from "./command.ts";
import { convertTo } from "./conversion.ts";
import { modelFigures } from "./figures.ts";
import { isDeepName, loadModel } from "./load.ts";
import { byteSize, count, percent, printJson, section, table } from "./print.ts";
import { checkTarget } from "./target.ts";
import { parseCommand, UsageError } from "./usage.ts";

export const command: Command = async (args) => {
  const { model: path, values } = parseCommand(
    "convert",
    args,
    { out: { type: "string" }, json: { type: "boolean", default: false } },
    "a MODEL: the path of a TensorFlow Lite file, of a TensorFlow.js model.json, or of the folder of one",
  );
  const { out } = values;
  if (out === undefined) throw new UsageError("convert needs --out: the file to write");
  if (isDeepName(out)) throw new UsageError("convert writes ONNX files: compress makes a deep form of one");
  await checkTarget(out);
  const conversion = await convertTo(path, out);
  using loaded = await loadModel(out);
  const model = await modelFigures(loaded, false);
  if (values.json) printJson({ ...conversion, notes: conversion.notes.map(english), model });
  else process.stdout.write(render(out, conversion, model));
};

function render(
  out: string,
  { format, operators, notes, transposes, parity }: Conversion,
  model: { readonly bytes: number; readonly parameters: number },
): string {
  const outputs = parity.outputs.map(({ name, maxAbs, maxRelative, sameArgMax }) => [
    name,
    `differs by ${maxAbs.toPrecision(2)} at most`,
    `${maxRelative.toPrecision(2)} of the largest`,
    sameArgMax === undefined ? "" : `${percent(sameArgMax)} with the same highest class`,
  ]);
  const parts = [
    `wrote ${out}\n`,
    table([
      ["format", format],
      ["parameters", count(model.parameters)],
      ["file", byteSize(model.bytes)],
      ["transpositions", `${count(transposes.after)} of ${count(transposes.before)} left`],
    ]),
    section(`compared with ${parity.reference} on ${parity.inputs} inputs`, outputs),
    section(
      "layers and operators",
      Object.entries(operators).map(([name, uses]) => [name, count(uses)]),
    ),
    section(
      "notes",
      notes.map((note) => [english(note)]),
    ),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

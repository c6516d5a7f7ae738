import { type Attribute, attributeType } from "#engine/onnx/model.ts";

const utf8 = new TextEncoder();

export function makeStrings(name: string, values: readonly string[]): Attribute {
  return { name, strings: values.map((value) => utf8.encode(value)), type: attributeType.strings };
}

/** The values are rounded to float32, as the file stores them. */
export function makeFloats(name: string, values: readonly number[]): Attribute {
  return { name, floats: values.map(Math.fround), type: attributeType.floats };
}

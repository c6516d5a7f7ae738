import { describe, expect, it } from "vitest";
import { makeNode } from "./attributes.ts";
import { makeGraph, makeModel, makeValue } from "./build.ts";
import { type ByteSource, type ExternalFiles, externalLocations, loadExternalData } from "./external.ts";
import type { Model, Tensor } from "./model.ts";
import { readTensor } from "./tensor.ts";

function external(entries: Record<string, string>): Tensor {
  return {
    dims: [2],
    dataType: 1,
    name: "w",
    dataLocation: 1,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  };
}

function modelWith(tensor: Tensor): Model {
  return makeModel(
    makeGraph({
      node: [makeNode("Identity", ["w"], ["y"])],
      output: [makeValue("y", "float32", [2])],
      initializer: [tensor],
    }),
  );
}

const content = new Uint8Array(Float32Array.of(0, 1, 2, 3).buffer);
const source: ByteSource = {
  size: 16,
  bytes: (offset, length) => content.slice(offset, offset + length),
};

function folder(): ExternalFiles & { opened: string[] } {
  const opened: string[] = [];
  return {
    opened,
    open: (location) => {
      opened.push(location);
      return location === "weights/data.bin" ? source : undefined;
    },
  };
}

describe("external data", () => {
  it("moves into the model from the right place", () => {
    const tensor = external({ location: "weights/data.bin", offset: "4", length: "8" });
    const model = modelWith(tensor);
    expect(externalLocations(model)).toEqual(["weights/data.bin"]);
    expect(loadExternalData(model, folder())).toEqual({ tensors: 1, bytes: 8 });
    expect(readTensor(tensor)).toEqual(Float32Array.of(1, 2));
    expect(externalLocations(model)).toEqual([]);
  });

  it("takes offset 0 and the length of the shape where they are not given", () => {
    const tensor = external({ location: "weights/data.bin" });
    loadExternalData(modelWith(tensor), folder());
    expect(readTensor(tensor)).toEqual(Float32Array.of(0, 1));
  });

  it.each([
    "/etc/passwd",
    "../secret",
    "a/../../secret",
    "..",
    "C:\\windows",
    "c:/windows",
    "a\\..\\b",
    "file:///etc/passwd",
    "a\0b",
    "",
  ])("refuses the location %j without opening anything", (location) => {
    const files = folder();
    expect(() => loadExternalData(modelWith(external({ location })), files)).toThrow(
      /External data location/,
    );
    expect(files.opened).toEqual([]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["a range outside of the file", { location: "weights/data.bin", offset: "12" }, /outside of/],
    ["an enormous offset", { location: "weights/data.bin", offset: "9007199254740991" }, /outside of/],
    ["a negative offset", { location: "weights/data.bin", offset: "-4" }, /not a whole number/],
    ["a hexadecimal offset", { location: "weights/data.bin", offset: "0x4" }, /not a whole number/],
    ["a length against the shape", { location: "weights/data.bin", length: "4" }, /shape needs 8/],
    ["a missing file", { location: "other.bin" }, /is not there/],
    ["no location", { offset: "0" }, /without a location/],
  ])("refuses %s", (_, entries, message) => {
    expect(() => loadExternalData(modelWith(external(entries)), folder())).toThrow(message);
  });

  it("bounds the sum, since many tensors may name the same bytes", () => {
    const model = modelWith(external({ location: "weights/data.bin" }));
    model.graph.initializer.push({ ...external({ location: "weights/data.bin" }), name: "w2" });
    const limits = { atOnce: 12, inAll: 2 ** 36 };
    expect(() => loadExternalData(structuredClone(model), folder(), limits)).toThrow(/more than 12 bytes/);
    const all = { atOnce: 2 ** 31, inAll: 12 };
    expect(() => loadExternalData(model, folder(), all)).toThrow(/more than 12 bytes/);
  });
});

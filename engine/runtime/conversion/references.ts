import type { ForeignFormat } from "../../formats/conversion.schema.ts";
import type { ReferenceModel } from "../../formats/reference.ts";
import type { SourceFiles } from "../../formats/source.ts";

/** What executes the original of each format; loaded when it is needed. */
const references: Readonly<Record<ForeignFormat, (files: SourceFiles) => Promise<ReferenceModel>>> = {
  "tensorflow-js": async (files) => (await import("./tensorflow-js.ts")).openTensorFlowJs(files),
  "tensorflow-lite": async (files) => (await import("./tensorflow-lite.ts")).openTensorFlowLite(files),
};

export function openReference(format: ForeignFormat, files: SourceFiles): Promise<ReferenceModel> {
  return references[format](files);
}

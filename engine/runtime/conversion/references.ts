import type { ForeignFormat } from "../../formats/conversion.schema.ts";
import type { Ports, ReferenceModel } from "../../formats/reference.ts";
import type { SourceFiles } from "../../formats/source.ts";

/** What executes the original of each format; loaded when it is needed. */
const references: Readonly<
  Record<ForeignFormat, (files: SourceFiles, ports: Ports) => Promise<ReferenceModel>>
> = {
  "tensorflow-js": async (files) => (await import("./tensorflow-js.ts")).openTensorFlowJs(files),
  "tensorflow-lite": async (files, ports) =>
    (await import("./tensorflow-lite.ts")).openTensorFlowLite(files, ports),
};

export function openReference(
  format: ForeignFormat,
  files: SourceFiles,
  ports: Ports,
): Promise<ReferenceModel> {
  return references[format](files, ports);
}

import type { Inspection } from "#engine/inspect.schema.ts";
import { inspectModel } from "#engine/inspect.ts";
import { plain } from "#engine/onnx/quote.ts";
import { encodedBytesOf } from "#engine/runtime/model-size.ts";
import type { Command } from "./command.ts";
import { atPath, loadModel } from "./load.ts";
import { byteSize, count, percent, printJson, section, shapeText, table } from "./print.ts";
import { parseCommand } from "./usage.ts";

export const command: Command = async (args) => {
  const { model: path, values } = parseCommand("inspect", args, {
    "no-sizes": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  using loaded = await loadModel(path);
  const { model, bytes, externalFiles } = loaded;
  const inspection = await atPath(path, async () => {
    const encodedBytes = loaded.deepBytes ?? (values["no-sizes"] ? undefined : await encodedBytesOf(loaded));
    return inspectModel(model, { bytes, externalFiles, ...(encodedBytes !== undefined && { encodedBytes }) });
  });
  if (values.json) printJson(inspection);
  else process.stdout.write(render(path, inspection));
};

/** Initialisers shown in the table; --json has them all. */
const shown = 10;

function render(path: string, found: Inspection): string {
  const largest = [...found.initializers].sort((a, b) => b.bytes - a.bytes);
  const parts = [
    table([
      ["model", path],
      ["format", `ONNX, IR ${found.irVersion ?? "?"}, ${opsets(found)}`],
      ["producer", `${found.producer.name} ${found.producer.version}`.trim() || "not given"],
      ["size", byteSize(found.bytes)],
      ...(found.encodedBytes === undefined ? [] : [["deep form", byteSize(found.encodedBytes)]]),
      ["parameters", `${count(found.parameters)}, ${percent(found.sparsity)} of them zero`],
      ["MACs", macs(found)],
      ["quantization", found.quantization],
    ]),
    section("inputs", found.inputs.map(valueRow)),
    section("outputs", found.outputs.map(valueRow)),
    section(
      "operators",
      Object.entries(found.operators).map(([name, uses]) => [plain(name), count(uses)]),
    ),
    section(
      `initializers (${largest.length > shown ? `largest ${shown} of ` : ""}${largest.length})`,
      largest
        .slice(0, shown)
        .map(({ name, dtype, shape, bytes }) => [plain(name), dtype, shapeText(shape), byteSize(bytes)]),
    ),
    section(
      `not among the MACs (${count(found.macsLeftOutCount)})`,
      found.macsLeftOut.slice(0, shown).map(({ node, reason }) => [node, reason]),
    ),
    section(
      "external data",
      found.externalFiles.map((name) => [plain(name)]),
    ),
    section(
      "warnings",
      found.warnings.map((warning) => [warning]),
    ),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function opsets(found: Inspection): string {
  return Object.entries(found.opsets)
    .map(([domain, version]) => `${domain} ${version}`)
    .join(", ");
}

function macs(found: Inspection): string {
  if (found.macs === null) return "not known";
  const assumed = new Set(
    found.macsAssumed.map(({ input, dim, size }) => `${dim === "?" ? input : dim} = ${size}`),
  );
  return assumed.size === 0 ? count(found.macs) : `${count(found.macs)} (with ${[...assumed].join(", ")})`;
}

function valueRow({ name, dtype, shape }: Inspection["inputs"][number]): string[] {
  return [plain(name), dtype, shape === null ? "of unknown rank" : shapeText(shape.map((dim) => dim ?? "?"))];
}

import { EngineError } from "#engine/error.ts";
import { plain } from "#engine/onnx/quote.ts";
import { isForeign, sniffFormat } from "#engine/onnx/sniff.ts";
import type { SourceFiles } from "../../source.ts";
import { type ModelJson, modelJson } from "./artifact.schema.ts";
import { exceeded, faultOf, malformed } from "./fault.ts";
import { maxCandidates, maxJsonBytes } from "./limits.ts";

export interface Found {
  /** Name of the model.json. */
  readonly name: string;
  readonly json: ModelJson;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The model.json among the files: the one of that name that lies least deep, else the only JSON file that has a topology.
 *
 * @throws EngineError "not-a-model", "malformed", "limit-exceeded", "file-failed"
 */
export function findModelJson(files: SourceFiles): Found {
  const named = files.names.filter((name) => name === "model.json" || name.endsWith("/model.json"));
  const [nearest] = named.sort((a, b) => depthOf(a) - depthOf(b));
  if (nearest !== undefined) return { name: nearest, json: parse(files.read(nearest), nearest) };
  const others = files.names.filter((name) => name.endsWith(".json")).slice(0, maxCandidates);
  for (const name of others) {
    const bytes = files.read(name);
    if (bytes.length <= maxJsonBytes && isModel(bytes, name)) return { name, json: parse(bytes, name) };
  }
  throw new EngineError("not-a-model", "There is no model.json with the topology of a TensorFlow.js model");
}

function depthOf(name: string): number {
  return name.split("/").length;
}

function isModel(bytes: Uint8Array, name: string): boolean {
  try {
    const value = jsonOf(bytes, name);
    return typeof value === "object" && value !== null && Object.hasOwn(value, "modelTopology");
  } catch {
    return false;
  }
}

function parse(bytes: Uint8Array, name: string): ModelJson {
  const value = jsonOf(bytes, name);
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "modelTopology")) {
    throw new EngineError(
      "not-a-model",
      "This JSON has no modelTopology, the layers of a model",
      plain(name),
    );
  }
  const read = modelJson.safeParse(value);
  if (!read.success) throw faultOf(read.error, plain(name));
  return read.data;
}

function jsonOf(bytes: Uint8Array, name: string): unknown {
  const place = plain(name);
  if (bytes.length > maxJsonBytes) {
    throw exceeded(`The text has ${bytes.length} bytes; ${maxJsonBytes} are read at most`, place);
  }
  const sniffed = sniffFormat(bytes);
  if (isForeign(sniffed) && sniffed.kind !== "json" && sniffed.kind !== "text") {
    throw new EngineError("not-a-model", `This is ${sniffed.description}`, place);
  }
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw malformed(`It is not JSON, or not all of it: ${plain(reason)}`, place);
  }
}

import { cloneStructure } from "#engine/graph/clone.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { modelScopes, type Scope } from "#engine/graph/scope.ts";
import { inferShapes, type Shapes } from "#engine/graph/shapes/infer.ts";
import { type DType, dtypeOfCode } from "#engine/onnx/dtypes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { nodeRemark } from "../pass.ts";
import { canHandOut, handOut } from "./hand-out.ts";
import { type Log, logOf, type Names } from "./log.ts";
import type { Place } from "./place.ts";

/** A model that does what another does, and whose main graph knows what values of subgraphs were. */
export interface Exposure {
  /** A copy that shares the bytes of the original, or itself where nothing is to be known. The logs are values of its main graph, no outputs yet. */
  readonly model: Model;
  readonly logs: ReadonlyMap<Place, Log>;
  /** Why there is no log of what is at a place. */
  readonly hidden: ReadonlyMap<Place, EngineRemark>;
}

/** Since then Reshape takes its shape as an input. */
const reshapeOpset = 5;

/**
 * Most values of subgraphs that are observed at once. Each takes some ten nodes; models of real work have hundreds, and
 * a small file that asks for tens of thousands would keep everybody waiting.
 */
export const mostPlaces = 5_000;

/** Types that can be looked at. */
const floats: readonly (DType | undefined)[] = ["float32", "float16", "float64"];

/**
 * Lets the main graph of a copy know what values of subgraphs of If, Loop and Scan are.
 *
 * @param places in subgraphs, by scopes of `model`
 */
export function expose(model: Model, places: readonly Place[]): Exposure {
  if (places.length === 0) return { model, logs: new Map(), hidden: new Map() };
  const copy = cloneStructure(model);
  const names = uniqueNames(copy);
  const shapes = inferShapes(model);
  const copies = modelScopes(copy);
  const scopes = new Map(modelScopes(model).map(({ body }, at) => [body, copies[at]]));
  const logs = new Map<Place, Log>();
  const hidden = new Map<Place, EngineRemark>();
  for (const place of places) {
    if (logs.size >= mostPlaces) {
      hidden.set(place, say("observation.tooMany", { most: mostPlaces }));
      continue;
    }
    const scope = scopes.get(place.scope.body);
    const log = scope && logAt(place.name, scope, dtypeAt(shapes, place), names);
    if (log === undefined || isRemark(log)) hidden.set(place, log ?? say("observation.notInModel"));
    else logs.set(place, log);
  }
  return { model: copy, logs, hidden };
}

/** The type of what a graph sees under a name: its own, or that of a graph around it. */
function dtypeAt(shapes: Shapes, { name, scope }: Place): DType | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.graph && shapes.info(at.graph, name);
    if (found !== undefined) return dtypeOfCode(found.dtype);
  }
  return undefined;
}

/** The log of a value in the main graph, or a reason why there is none. */
function logAt(name: string, scope: Scope, dtype: DType | undefined, names: Names): Log | EngineRemark {
  const levels: Scope[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) levels.push(at);
  const main = levels.pop();
  if (scope.graph === undefined || main?.kind !== "main") {
    return say("observation.inFunction", { name });
  }
  const closed = levels.find((level) => !canHandOut(level));
  if (closed !== undefined) return cannot(closed);
  const opset = scope.opsets.get("") ?? 1;
  if (opset < reshapeOpset) return say("observation.opsetTooOld", { opset, name });
  if (dtype === undefined) return say("observation.typeUnknown", { name });
  if (!floats.includes(dtype)) return say("observation.noFloat", { name, type: dtype });
  let log = logOf(scope.graph, name, dtype, names);
  for (const level of levels) {
    const [elements, shapes] = [handOut(log.elements, level, names), handOut(log.shapes, level, names)];
    if (elements === undefined || shapes === undefined) return cannot(level);
    log = { elements, shapes };
  }
  return log;
}

function cannot({ owner }: Scope): EngineRemark {
  return owner === undefined
    ? say("observation.notInModel")
    : say("observation.staysInside", { node: nodeRemark(owner) });
}

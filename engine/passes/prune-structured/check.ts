import type { Model } from "#engine/onnx/model.ts";
import { plain } from "#engine/onnx/quote.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { Cut } from "./cut.ts";
import { sampleShapes } from "./shapes.ts";
import type { Trace } from "./visit.ts";

/**
 * Infers all shapes of the pruned model anew and compares them with what the cut promised: the old size of every axis
 * that was not cut, the new one of every axis that was.
 *
 * @returns the first contradiction, or undefined
 */
export function shapeConflict(model: Model, trace: Trace, cut: Cut): EngineRemark | undefined {
  const shapes = sampleShapes(model);
  for (const scope of trace.index.scopes) {
    const { graph } = scope;
    if (graph === undefined) continue;
    for (const value of trace.index.values(scope).values()) {
      const before = trace.info(value)?.shape;
      const now = shapes.info(graph, value.name)?.shape;
      if (before === undefined || now === undefined || value.producer === undefined) continue;
      const axes = trace.axesOf(value);
      const wrong = now.findIndex((dim, at) => {
        const axis = axes[at];
        const wanted = axis === undefined ? before[at] : cut.size(axis);
        return typeof dim === "number" && typeof wanted === "number" && dim !== wanted;
      });
      if (wrong >= 0 && value.producer.opType !== "Constant") {
        return say("prune-structured.conflict", { axis: wrong, name: plain(value.name) });
      }
    }
  }
  return undefined;
}

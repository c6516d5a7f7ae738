import type { Inspection } from "#engine/inspect.schema.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { ModelSession } from "#engine/runtime/session.ts";

/** A model under measurement: its file, what is in it, and the session that has it loaded. */
export interface Subject {
  readonly path: string;
  readonly model: Model;
  readonly inspection: Inspection;
  readonly session: ModelSession;
}

/** The model of a run and, unless it is the baseline itself, the original that it is measured against. */
export interface Subjects {
  readonly candidate: Subject;
  readonly baseline: Subject | undefined;
}

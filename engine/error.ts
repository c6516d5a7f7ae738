import type { EngineRemark } from "./say.ts";

/**
 * Every failure that the engine reports on purpose. A code names the kind of fault; `place` names where in the
 * file or graph it is (a node, a field, a line), so that a message can always say what is wrong and where.
 */
export const engineErrorCodes = [
  /** The bytes are not a model of the expected format at all. */
  "not-a-model",
  /** The file ends early or a length points outside of it. */
  "truncated",
  /** A field of the file is malformed: a wrong wire type, an impossible dimension, a duplicate name. */
  "malformed",
  /** A count, size or depth exceeds the bound that protects the process. */
  "limit-exceeded",
  /** A valid construct that this engine cannot handle; the message names it. */
  "unsupported",
  /** An option or recipe is outside its documented range. */
  "invalid-option",
  /** Dataset content does not match its manifest or the model's inputs. */
  "data-mismatch",
  /** ONNX Runtime refused to load or run the model. */
  "runtime-refused",
  /** A file cannot be opened, read or written. */
  "file-failed",
  /** A part of the graph has no gradient, or none that is known here. */
  "not-differentiable",
  /** A training came to nothing: its loss or its gradients are not finite. */
  "training-failed",
] as const;

export type EngineErrorCode = (typeof engineErrorCodes)[number];

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly place: string | undefined;
  /** The message without the place. */
  readonly detail: string;
  /** The same to be said in other languages, where it may become the reason why a technique does nothing. */
  readonly remark: EngineRemark | undefined;

  constructor(
    code: EngineErrorCode,
    message: string,
    place?: string,
    options?: ErrorOptions & { readonly remark?: EngineRemark },
  ) {
    super(place === undefined ? message : `${message} (at ${place})`, options);
    this.name = "EngineError";
    this.code = code;
    this.place = place;
    this.detail = message;
    this.remark = options?.remark;
  }
}

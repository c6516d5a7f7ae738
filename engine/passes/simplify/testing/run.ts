import { cloneStructure } from "#engine/graph/clone.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { silent } from "../../pass.ts";
import { type SimplifyOptions, simplifySchema } from "../../simplify.schema.ts";
import { simplify } from "../../simplify.ts";
import { type EnglishResult, inEnglish } from "../../testing/in-english.ts";

export interface Simplified {
  readonly model: Model;
  readonly result: EnglishResult;
}

/** Simplifies a copy, as it would come out of its file. */
export async function simplified(
  source: Model,
  options: Partial<SimplifyOptions> = {},
  { runtime = true } = {},
): Promise<Simplified> {
  const model = cloneStructure(source);
  const parsed = simplifySchema.parse({ use: "simplify", ...options });
  const result = inEnglish(
    await simplify(model, parsed, { ...silent, load: runtime ? loadExecutable : undefined }),
  );
  if (result.changed.length === 0) return { model: source, result };
  const problems = modelProblems(model);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join("; "));
  return { model: decodeModel(joinChunks(encodeModel(model))), result };
}

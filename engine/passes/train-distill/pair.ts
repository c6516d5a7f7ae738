import { EngineError, type EngineErrorCode } from "#engine/error.ts";
import { rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { elementCount } from "#engine/evaluate/tensors/tensor.ts";
import { encodedLength } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, remarkOf, say } from "#engine/say.ts";
import type { LossOptions } from "#engine/train/losses/loss.schema.ts";
import type { PassContext } from "../pass.ts";
import type { TrainDistillOptions } from "../train.distill.schema.ts";
import { labelsOf, lossOf } from "../training/loss.ts";
import type { TrainingTools } from "../training/tools.ts";
import { type Matched, matchHidden, missingValue } from "./hidden.ts";
import { isSameModel } from "./report.ts";
import { Respondent } from "./respondent.ts";
import { buildStudent, type Student } from "./student.ts";

/** A student and a teacher that go together. */
export interface Pair {
  readonly student: Student;
  /** What is trained: the student, and what it needs to be compared. */
  readonly matched: Matched;
  /** To be released. */
  readonly teacher: Respondent;
  readonly loss: LossOptions;
  /** The teacher is the student itself. */
  readonly isSame: boolean;
  /** Of the teacher's file, about which it takes in memory. */
  readonly teacherBytes: number;
}

type Tools = Pick<TrainingTools, "dataset" | "execute" | "teacher">;

/**
 * Finds teacher and student, and whether one can learn from the other.
 *
 * @param model as it reaches the step
 * @returns the reason where they do not go together
 * @throws EngineError "data-mismatch" where the model does not fit the dataset, "invalid-option", "runtime-refused"
 */
export async function pairUp(
  model: Model,
  options: TrainDistillOptions,
  { seed, original }: Pick<PassContext, "seed" | "original">,
  tools: Tools,
): Promise<Pair | EngineRemark> {
  const { student: architecture, hidden } = options;
  const items = rowsOf(tools.dataset, "train").length;
  const loss = lossOf(options, labelsOf(tools.dataset));
  const source = tools.teacher ?? original ?? model;
  const student = architecture ? buildStudent(architecture, seed, model) : { model, warnings: [] };
  const [ours, theirs] = [hidden.map((pair) => pair.student), hidden.map((pair) => pair.teacher)];
  const odd = [missingValue(student.model, ours), missingValue(source, theirs)];
  if (odd[0] !== undefined) return say("train-distill.noStudentValue", { name: odd[0] });
  if (odd[1] !== undefined) return say("train-distill.noTeacherValue", { name: odd[1] });
  const studentDims = await itemDimsOf(student.model, ours, loss, tools, architecture !== undefined);
  if (isRemark(studentDims)) return studentDims;
  const teacher = await openTeacher(source, theirs, loss, tools);
  if (isRemark(teacher)) return teacher;
  const batch = Math.min(options.batch_size, items);
  const matched =
    unlike(studentDims, teacher.itemDims) ??
    matchHidden(student.model, hidden, studentDims.slice(1), teacher.itemDims.slice(1), { batch, seed });
  if (!isRemark(matched)) {
    const isSame = isSameModel(source, student.model);
    return { student, matched, teacher, loss, isSame, teacherBytes: encodedLength(source) };
  }
  await teacher.release();
  return matched;
}

/** Why the predictions of two models cannot be compared: they tell other numbers of classes apart. */
function unlike(
  ours: readonly (readonly number[])[],
  theirs: Respondent["itemDims"],
): EngineRemark | undefined {
  const [student = 0, teacher = 0] = [ours, theirs].map(([said = []]) => elementCount(said));
  return student === teacher ? undefined : say("train-distill.outputs", { student, teacher });
}

/**
 * Shapes of what a student says of an item.
 *
 * @param isNew a network of the catalogue, which may not fit the data of every model that a recipe is used on
 */
async function itemDimsOf(
  student: Model,
  hidden: readonly string[],
  loss: LossOptions,
  tools: Tools,
  isNew: boolean,
): Promise<Respondent["itemDims"] | EngineRemark> {
  try {
    const respondent = await Respondent.open(student, hidden, loss, tools);
    await respondent.release();
    return respondent.itemDims;
  } catch (error) {
    if (isNew && isOf(error, "data-mismatch"))
      return say("train-distill.studentMisfit", { error: remarkOf(error) });
    throw error;
  }
}

async function openTeacher(
  model: Model,
  hidden: readonly string[],
  loss: LossOptions,
  tools: Tools,
): Promise<Respondent | EngineRemark> {
  try {
    return await Respondent.open(model, hidden, loss, tools);
  } catch (error) {
    if (isOf(error, "data-mismatch")) return say("train-distill.teacherMisfit", { error: remarkOf(error) });
    if (isOf(error, "runtime-refused") || isOf(error, "unsupported"))
      return say("train-distill.teacherRefused", { error: remarkOf(error) });
    throw error;
  }
}

function isOf(error: unknown, code: EngineErrorCode): error is EngineError {
  return error instanceof EngineError && error.code === code;
}

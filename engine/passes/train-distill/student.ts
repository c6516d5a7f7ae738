import { uniqueNames } from "#engine/graph/names.ts";
import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import type { Graph, Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { Architecture } from "#engine/train/catalogue/architecture.schema.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import { isStandard } from "../domains.ts";
import { signatureOf } from "../training/signature.ts";
import { lastActivation } from "./prediction.ts";

/** A network that takes the place of a model. */
export interface Student {
  readonly model: Model;
  /** Where it cannot do so under the same names. */
  readonly warnings: readonly EngineRemark[];
}

/**
 * Builds an architecture in the place of a model: with the names of its inputs and of its first output, and with a
 * Softmax or Sigmoid at the end where the model has one, so that what reads its results reads them as before.
 *
 * @param original whose place it takes; not changed
 * @throws EngineError "invalid-option" where the numbers of the architecture do not go together
 */
export function buildStudent(architecture: Architecture, seed: number, original: Model): Student {
  const model = buildArchitecture(architecture, seed);
  const warnings: EngineRemark[] = [];
  const [wanted, own] = [original, model].map((one) => signatureOf(one).inputs.map(({ name }) => name));
  if (wanted === undefined || own === undefined) throw new Error("two models have two signatures");
  const names = inputNames(own, wanted);
  if (names === undefined)
    warnings.push(
      say("train-distill.ownInputs", { now: own.length, before: wanted.length, names: own.join(", ") }),
    );
  const outputs = original.graph.output;
  if (outputs.length > 1) warnings.push(say("train-distill.fewerOutputs", { count: outputs.length }));
  finishAs(model, original);
  const output = model.graph.output[0]?.name ?? "";
  const renamed = new Map(own.map((name, at) => [name, names?.[at] ?? name]));
  rename(model, renamed.set(output, outputs[0]?.name ?? output));
  return { model, warnings };
}

/** The names of a model's inputs for those of another: the same where it has them all, else in their order. */
function inputNames(own: readonly string[], wanted: readonly string[]): readonly string[] | undefined {
  if (own.length !== wanted.length) return undefined;
  return own.every((name) => wanted.includes(name)) ? own : wanted;
}

function finishAs(model: Model, original: Model): void {
  const last = lastActivation(original);
  const isActivated = last !== undefined && isStandard(last);
  if (!isActivated || (last.opType !== "Softmax" && last.opType !== "Sigmoid")) return;
  const { graph } = model;
  const output = graph.output[0];
  if (output === undefined) return;
  const unique = uniqueNames(model);
  const name = unique(last.opType === "Softmax" ? "probabilities" : "probability");
  const attribute = last.opType === "Softmax" ? [makeInt("axis", -1)] : [];
  graph.node.push(makeNode(last.opType, [output.name], [name], { name: unique(last.opType), attribute }));
  output.name = name;
}

/** Gives values of a graph other names; what has such a name already gets another. */
function rename({ graph }: Model, names: ReadonlyMap<string, string>): void {
  const changing = new Map([...names].filter(([from, to]) => from !== to));
  if (changing.size === 0) return;
  const used = namesOf(graph);
  for (const name of new Set(changing.values())) {
    if (!used.has(name) || changing.has(name)) continue;
    let other = `${name}_`;
    while (used.has(other)) other += "_";
    used.add(other);
    changing.set(name, other);
  }
  const renew = (name: string) => changing.get(name) ?? name;
  for (const node of graph.node) {
    node.input = node.input.map(renew);
    node.output = node.output.map(renew);
  }
  for (const value of [...graph.input, ...graph.output]) value.name = renew(value.name);
  for (const tensor of graph.initializer) tensor.name = renew(tensor.name ?? "");
}

function namesOf({ node, input, output, initializer }: Graph): Set<string> {
  return new Set([
    ...node.flatMap((one) => [...one.input, ...one.output]),
    ...[...input, ...output].map(({ name }) => name),
    ...initializer.map(({ name = "" }) => name),
  ]);
}

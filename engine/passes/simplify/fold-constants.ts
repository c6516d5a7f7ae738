import { EngineError } from "#engine/error.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import type { Value } from "#engine/graph/index.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import type { PassTools } from "../pass.ts";
import { reportName } from "../pass.ts";
import { putConstant, removeNodes } from "./constants.ts";
import { type Draft, tensorOf } from "./draft.ts";
import { coneOf, type FoldPlan, isNeeded, planFolding } from "./fold-plan.ts";

/** Executions at most: where one node cannot run, halves are tried, so that it does not hold up the others. */
const maxExecutions = 40;

type Wanted = FoldPlan["wanted"];

/**
 * Executes what depends on constants alone and keeps the results. All of it is one model that ONNX Runtime runs once.
 * ONNX Runtime folds the same nodes with the same kernels whenever it loads the model.
 */
export async function foldConstants(draft: Draft, load: PassTools["load"]): Promise<void> {
  if (load === undefined) return;
  const plan = planFolding(draft);
  if (plan.wanted.length === 0) return;
  const results = new Map<Value, Tensor>();
  const run = { draft, plan, load, results, left: maxExecutions };
  await execute(run, plan.wanted);
  const gone = new Set<Node>();
  for (const { value, scope } of plan.wanted) {
    const { producer } = value;
    if (producer === undefined || gone.has(producer)) continue;
    const needed = producer.output
      .flatMap((name) => draft.index.values(scope).get(name) ?? [])
      .filter((result) => isNeeded(result, plan));
    // All of a node's results that somebody reads become constants, or none does.
    if (!needed.every((result) => results.has(result))) continue;
    for (const result of needed) {
      const tensor = results.get(result);
      if (tensor !== undefined) putConstant(scope, result, tensor);
    }
    gone.add(producer);
    draft.log.changed(
      "fold_constants",
      reportName(producer),
      say("simplify.folded", { op: producer.opType }),
    );
  }
  removeNodes(draft, gone);
}

interface Run {
  readonly draft: Draft;
  readonly plan: FoldPlan;
  readonly load: NonNullable<PassTools["load"]>;
  readonly results: Map<Value, Tensor>;
  left: number;
}

async function execute(run: Run, wanted: Wanted): Promise<void> {
  if (wanted.length === 0) return;
  if (run.left-- <= 0) {
    for (const { value } of wanted) run.draft.log.skip(value.name, say("simplify.tooManyFailures"));
    return;
  }
  const { model, outputs } = executable(run, wanted);
  try {
    const session = await run.load(model);
    try {
      const found = await session.run({});
      for (const [name, value] of outputs) {
        const tensor = found[name];
        if (tensor !== undefined) keep(run, value, tensor);
      }
    } finally {
      await session.release();
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const [only] = wanted;
    if (wanted.length === 1 && only !== undefined) {
      run.draft.log.skip(
        only.value.name,
        say("simplify.notComputed", { error: error.message.slice(0, 200) }),
      );
      return;
    }
    const half = Math.ceil(wanted.length / 2);
    await execute(run, wanted.slice(0, half));
    await execute(run, wanted.slice(half));
  }
}

function keep(run: Run, value: Value, { dtype, dims, data }: HostTensor): void {
  if (dtype === "string" || !ArrayBuffer.isView(data)) return;
  run.results.set(value, makeTensor("", dtype, [...dims], data));
}

/** A model without inputs that computes the wanted values. Values of several graphs meet: they get new names. */
function executable({ draft, plan }: Run, wanted: Wanted): { model: Model; outputs: Map<string, Value> } {
  const names = new Map<Value, string>();
  const initializer: Tensor[] = [];
  const node: Node[] = [];
  const nameOf = (value: Value): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = `v${names.size}`;
    names.set(value, name);
    const tensor = tensorOf(value);
    if (tensor !== undefined) initializer.push({ ...tensor, name });
    return name;
  };
  const needed = new Set<Node>();
  for (const { producer } of wanted.map(({ value }) => value)) {
    if (producer === undefined || needed.has(producer)) continue;
    for (const before of coneOf(draft, producer, plan.nodes)) needed.add(before);
  }
  for (const [source, scope] of plan.nodes) {
    if (!needed.has(source)) continue;
    const rename = (name: string) => {
      const value = name === "" ? undefined : draft.index.resolve(scope, name);
      return value === undefined ? "" : nameOf(value);
    };
    node.push({
      ...source,
      name: undefined,
      input: source.input.map(rename),
      output: source.output.map(rename),
    });
  }
  const outputs = new Map(wanted.map(({ value }) => [nameOf(value), value] as const));
  return {
    outputs,
    model: {
      irVersion: Math.max(draft.model.irVersion ?? 0, 8),
      opsetImport: draft.model.opsetImport,
      graph: {
        name: "constants",
        node,
        initializer,
        input: [],
        output: [...outputs.keys()].map((name) => ({ name })),
        valueInfo: [],
      },
    },
  };
}

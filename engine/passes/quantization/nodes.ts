import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { floatAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { reportName, type Skip } from "../pass.ts";

/** Options by which every quantiser lets its nodes be chosen. */
export interface NodeOptions {
  readonly op_types: readonly string[];
  readonly nodes_to_include: readonly string[];
  readonly nodes_to_exclude: readonly string[];
}

export interface Selection {
  readonly types: ReadonlySet<string>;
  readonly include: ReadonlySet<string>;
  readonly exclude: ReadonlySet<string>;
}

export function selectionOf(options: NodeOptions): Selection {
  return {
    types: new Set(options.op_types),
    include: new Set(options.nodes_to_include),
    exclude: new Set(options.nodes_to_exclude),
  };
}

const isNamed = (node: Node, names: ReadonlySet<string>) => node.name !== undefined && names.has(node.name);

/** Why the names given leave a node out; undefined where they do not. */
export function leftOut(
  node: Node,
  { include, exclude }: Selection,
  named: (node: Node, names: ReadonlySet<string>) => boolean = isNamed,
): EngineRemark | undefined {
  if (include.size > 0 && !named(node, include)) return say("quantization.notIncluded");
  return named(node, exclude) ? say("quantization.excluded") : undefined;
}

/** Why a Gemm is no plain product of its activations and a weight with a bias; undefined where it is. */
export function gemmReason(node: Node): EngineRemark | undefined {
  if ((floatAttribute(node, "alpha") ?? 1) !== 1) return say("quantization.gemmAlpha");
  if ((floatAttribute(node, "beta") ?? 1) !== 1) return say("quantization.gemmBeta");
  if ((smallIntAttribute(node, "transA") ?? 0) !== 0) return say("quantization.gemmTransposes");
  return undefined;
}

/** True for the main graph and its subgraphs; the bodies of functions are shared by their calls. */
function isRewritten(scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.kind === "main") return true;
    if (at.kind !== "subgraph") return false;
  }
  return false;
}

/**
 * What is to become of each node of the main graph and its subgraphs.
 *
 * @param decide gives a plan, a reason why the node stays as it is, or nothing where it is none of the technique's business
 */
export function planNodes<Plan extends object>(
  index: ModelIndex,
  skipped: Skip[],
  decide: (scope: Scope, node: Node) => Plan | EngineRemark | undefined,
): Map<Node, Plan> {
  const plans = new Map<Node, Plan>();
  for (const scope of index.scopes) {
    if (!isRewritten(scope)) continue;
    for (const node of scope.body.node) {
      const verdict = decide(scope, node);
      if (isRemark(verdict)) skipped.push({ name: reportName(node), reason: verdict });
      else if (verdict !== undefined) plans.set(node, verdict);
    }
  }
  return plans;
}

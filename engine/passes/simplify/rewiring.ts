import type { Value } from "#engine/graph/index.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { Draft } from "./draft.ts";

/**
 * Collects facts of the form "this value always equals that earlier one" and then lets everyone read the earlier one.
 * Graph outputs keep their names: the earlier value takes the name where it can.
 */
export class Rewiring {
  readonly #draft: Draft;
  readonly #alias = new Map<Value, Value>();
  readonly #names = new Map<Value, string>();
  readonly #dead = new Set<Node>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** The value that stands for this one so far. */
  final(value: Value): Value {
    let at = value;
    for (let next = this.#alias.get(at); next !== undefined; next = this.#alias.get(at)) at = next;
    return at;
  }

  /** Why readers of `from` cannot read `to`; undefined where they can. */
  obstacle(from: Value, to: Value): EngineRemark | undefined {
    const target = this.final(to);
    if (target === from || this.#alias.has(from)) return say("simplify.rewritten");
    if (from.outputOf.length > 0) return say("simplify.handedOut");
    if (!from.isOutput && !this.#names.has(from)) return undefined;
    const named =
      target.scope !== from.scope || target.producer === undefined || this.#dead.has(target.producer);
    if (named) return say("simplify.outputName");
    const taken = target.isOutput || target.outputOf.length > 0 || this.#names.has(target);
    return taken ? say("simplify.bothOutputs") : undefined;
  }

  redirect(from: Value, to: Value): void {
    const target = this.final(to);
    const name = this.#names.get(from) ?? (from.isOutput ? from.name : undefined);
    if (name !== undefined) this.#names.set(target, name);
    this.#names.delete(from);
    this.#alias.set(from, target);
  }

  remove(node: Node): void {
    this.#dead.add(node);
  }

  apply(): void {
    const { index, scopes } = this.#draft;
    const nameOf = (value: Value) => this.#names.get(value) ?? value.name;
    for (const scope of scopes) {
      const own = index.values(scope);
      scope.body.node = scope.body.node.filter((node) => !this.#dead.has(node));
      for (const node of scope.body.node) {
        node.input = node.input.map((name) => {
          const value = name === "" ? undefined : index.resolve(scope, name);
          return value === undefined ? name : nameOf(this.final(value));
        });
        node.output = node.output.map((name) => {
          const value = own.get(name);
          return value?.producer === node ? nameOf(value) : name;
        });
      }
    }
  }
}

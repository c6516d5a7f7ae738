import { type EngineRemark, say } from "#engine/say.ts";
import type { Change, Skip } from "../pass.ts";
import { wholeModel } from "../pass.ts";

/** The parts of the step, as its options name them. */
export const kinds = [
  "fold_constants",
  "remove_identities",
  "canonicalise_gemm",
  "fuse_batch_norm",
  "merge_duplicates",
  "remove_unused",
] as const;

export type Kind = (typeof kinds)[number];

/** What the parts did and what they left alone, over all rounds. */
export class Log {
  readonly #changes: { kind: Kind; change: Change }[] = [];
  #skips = new Map<string, Skip>();

  /** Reasons are those of the last round: what one round left alone the next may have done. */
  startRound(): void {
    this.#skips = new Map();
  }

  changed(kind: Kind, name: string, what: EngineRemark): void {
    this.#changes.push({ kind, change: { name, what } });
  }

  skip(name: string, reason: EngineRemark): void {
    this.#skips.set(JSON.stringify([name, reason]), { name, reason });
  }

  get count(): number {
    return this.#changes.length;
  }

  get skipped(): Skip[] {
    return [...this.#skips.values()];
  }

  /** One line per part with its count, then every single change. */
  report(): Change[] {
    const totals = kinds.flatMap((kind) => {
      const count = this.#changes.filter((entry) => entry.kind === kind).length;
      return count === 0 ? [] : [{ name: wholeModel, what: say("simplify.part", { part: kind, count }) }];
    });
    return [...totals, ...this.#changes.map(({ change }) => change)];
  }
}

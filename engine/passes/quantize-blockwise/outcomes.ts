import { bytesOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import type { EngineRemark } from "#engine/say.ts";
import type { Shelf } from "../shelf.ts";
import type { Blocks } from "./blocks.ts";
import type { Weight } from "./store.ts";

/** A quantised weight and how it was done, for the report. */
export interface Outcome {
  /** undefined: its values cannot be quantised. */
  readonly blocks: Blocks | undefined;
  readonly how: EngineRemark;
}

interface Kept {
  readonly blocks: (Omit<Blocks, "values"> & { readonly values: Uint8Array | LazyBytes }) | undefined;
  readonly how: EngineRemark;
}

/** What became of each weight. The integers, a byte for each of them until they are packed, wait on the shelf. */
export class Outcomes {
  readonly #shelf: Shelf;
  readonly #kept = new Map<Weight, Kept>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  set(weight: Weight, { blocks, how }: Outcome): void {
    const kept = blocks && { ...blocks, values: this.#shelf.put(blocks.values) };
    this.#kept.set(weight, { blocks: kept, how });
  }

  get(weight: Weight): Outcome | undefined {
    const kept = this.#kept.get(weight);
    if (kept?.blocks === undefined) return kept && { blocks: undefined, how: kept.how };
    const { blocks, how } = kept;
    return { blocks: { ...blocks, values: bytesOf(blocks.values) }, how };
  }
}

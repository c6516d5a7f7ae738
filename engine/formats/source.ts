import { EngineError } from "#engine/error.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { EngineRemark } from "#engine/say.ts";

/** What somebody handed over as one model: a file, a folder, the content of a zip. Whoever opens it bounds it. */
export interface SourceFiles {
  /** Relative, with forward slashes, each once, in a stable order. */
  readonly names: readonly string[];
  /** @throws EngineError "file-failed" where there is no such file */
  read(name: string): Uint8Array;
}

/** A model of another format as an ONNX graph that computes the same. */
export interface Converted {
  readonly model: Model;
  /** Operators or layers of the source, and how many there are of each. */
  readonly operators: Readonly<Record<string, number>>;
  /** What was left out or done otherwise, such as layers that only training needs. */
  readonly notes: readonly EngineRemark[];
}

/**
 * Reads the model of one format. Inputs and outputs keep names, order, types and shapes of the source, the batch included.
 *
 * @throws EngineError "not-a-model", "truncated", "malformed", "limit-exceeded", "data-mismatch", "file-failed"; "unsupported"
 *   with every operator that is missing
 */
export type Convert = (files: SourceFiles) => Converted;

/** Operators that a conversion does not know, gathered so that one error names them all. */
export class Missing {
  readonly #found = new Map<string, { count: number; readonly first: string }>();

  /** @param operator also the form of it that is missing, such as `Conv2D with dilated strides` */
  add(operator: string, place: string): void {
    const known = this.#found.get(operator);
    if (known === undefined) this.#found.set(operator, { count: 1, first: place });
    else known.count++;
  }

  /** @throws EngineError "unsupported" where anything was added */
  check(): void {
    const [first] = this.#found.values();
    if (first === undefined) return;
    const listed = [...this.#found].map(([operator, { count, first: place }]) =>
      count === 1 ? `${operator} (${place})` : `${operator} (${count} times, first ${place})`,
    );
    throw new EngineError(
      "unsupported",
      `It uses what cannot be converted: ${listed.join(", ")}`,
      first.first,
    );
  }
}

/** Files in memory, by name. */
export function filesOf(files: Readonly<Record<string, Uint8Array>>): SourceFiles {
  return {
    names: Object.keys(files),
    read: (name) => {
      const bytes = Object.hasOwn(files, name) ? files[name] : undefined;
      if (bytes === undefined) throw new EngineError("file-failed", "There is no such file", name);
      return bytes;
    },
  };
}

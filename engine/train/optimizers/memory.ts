import { EngineError } from "#engine/error.ts";
import { sizeOf } from "../autodiff/operand.ts";
import { type OptimizerKernels, optimizerKernels } from "./kernels.ts";

/** What the memory holds for each weight: itself, its gradient, and what the optimiser remembers. */
export const lanes = ["weights", "gradients", "sums", "first", "second", "mask"] as const;
export type Lane = (typeof lanes)[number];

export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
}

interface Place {
  /** First byte within a lane. */
  readonly at: number;
  readonly count: number;
}

/** Kernels take whole vectors; ONNX Runtime likes its tensors on such addresses. */
const alignment = 64;
const page = 1 << 16;
const mostPages = 1 << 16;

/**
 * The state of a training: weights, gradients and moments in one memory, where ONNX Runtime reads and writes them and
 * the kernels of the optimiser find them, so that nothing is copied from step to step. A lane holds one number for each
 * weight; parameters follow one another in it, each on an aligned place with zeros behind it.
 */
export class TrainingMemory {
  readonly parameters: readonly Parameter[];
  /** Bytes of a lane. */
  readonly length: number;
  readonly kernels: OptimizerKernels;
  readonly #memory: WebAssembly.Memory;
  readonly #places = new Map<string, Place>();
  readonly #starts = new Map<Lane, number>();

  /**
   * @param used the lanes that are needed; the others take no memory
   * @throws EngineError "limit-exceeded" where 4 GiB do not suffice
   */
  constructor(parameters: readonly Parameter[], used: readonly Lane[]) {
    this.parameters = parameters;
    let length = 0;
    for (const { name, dims } of parameters) {
      const count = sizeOf(dims);
      this.#places.set(name, { at: length, count });
      length += aligned(count * 4);
    }
    this.length = length;
    used.forEach((lane, at) => {
      this.#starts.set(lane, at * length);
    });
    const pages = Math.max(1, Math.ceil((used.length * length) / page));
    if (pages > mostPages) {
      throw new EngineError(
        "limit-exceeded",
        `Training these weights takes ${pages * page} bytes of state, at most ${mostPages * page} are possible`,
      );
    }
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: mostPages });
    this.kernels = optimizerKernels(this.#memory);
  }

  /** First byte of a lane. */
  start(lane: Lane): number {
    const start = this.#starts.get(lane);
    if (start === undefined) throw new Error(`There is no lane ${lane}`);
    return start;
  }

  /** First byte of a parameter within each lane, and its length in bytes with the zeros behind it. */
  range(name: string): { at: number; length: number } {
    const { at, count } = this.#place(name);
    return { at, length: aligned(count * 4) };
  }

  /** The numbers of one parameter, as a view. */
  view(lane: Lane, name: string): Float32Array<ArrayBuffer> {
    const { at, count } = this.#place(name);
    return new Float32Array(this.#memory.buffer as ArrayBuffer, this.start(lane) + at, count);
  }

  /** A whole lane, as a view. */
  lane(lane: Lane): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#memory.buffer as ArrayBuffer, this.start(lane), this.length / 4);
  }

  holds(name: string): boolean {
    return this.#places.has(name);
  }

  has(lane: Lane): boolean {
    return this.#starts.has(lane);
  }

  #place(name: string): Place {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`There is no parameter ${name}`);
    return place;
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

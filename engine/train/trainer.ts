import { EngineError } from "#engine/error.ts";
import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import { failure } from "#engine/failure.ts";
import { say } from "#engine/say.ts";
import { sizeOf } from "./autodiff/operand.ts";
import type { TrainingGraph } from "./graph/training-graph.ts";
import { fillMask } from "./masks.ts";
import { type Lane, TrainingMemory } from "./optimizers/memory.ts";
import type { OptimizerOptions, ScheduleOptions } from "./optimizers/optimizer.schema.ts";
import { lanesOf, update } from "./optimizers/optimizer.ts";
import { scheduleFactor } from "./optimizers/schedule.ts";
import type { OpenStep, TrainingStep } from "./step.ts";

export interface TrainerOptions {
  readonly optimizer: OptimizerOptions;
  readonly schedule: ScheduleOptions;
  /** Updates of the whole training, for the schedule. */
  readonly totalUpdates: number;
  /** Batches whose gradients are averaged for one update. */
  readonly accumulate: number;
  /** Of the masks of dropout. */
  readonly seed: number;
  /** Changes the gradients before each update, such as to keep weights equal that share a value. */
  readonly project?: (memory: TrainingMemory, gradients: Lane) => void;
  /** Changes masks or weights after each update. @param updates done, from 1 */
  readonly afterUpdate?: (memory: TrainingMemory, updates: number) => void;
}

export interface StepReport {
  readonly loss: number;
  /** Of an update; undefined where the gradients are only added to those before. */
  readonly gradientNorm: number | undefined;
  readonly learningRate: number;
}

/** Everything that a training has to remember to go on exactly as if it had not been interrupted. */
export interface TrainerState {
  /** Batches done. */
  readonly steps: number;
  readonly updates: number;
  readonly lanes: Readonly<Partial<Record<Lane, Uint8Array>>>;
  readonly statistics: ReadonlyMap<string, Float32Array>;
}

/** Trains the weights of a graph, batch by batch. Nothing is random but the masks, which follow from seed and step. */
export class Trainer {
  readonly graph: TrainingGraph;
  readonly memory: TrainingMemory;
  readonly #options: TrainerOptions;
  readonly #step: TrainingStep;
  readonly #decays: ReadonlySet<string>;
  #steps = 0;
  #updates = 0;

  private constructor(
    graph: TrainingGraph,
    memory: TrainingMemory,
    step: TrainingStep,
    options: TrainerOptions,
  ) {
    this.graph = graph;
    this.memory = memory;
    this.#step = step;
    this.#options = options;
    this.#decays = new Set(graph.parameters.filter(({ decays }) => decays).map(({ name }) => name));
  }

  /**
   * @param initial values of the parameters
   * @param masks by parameter: 1 for weights that may move, 0 for those that stay zero; of what is not a parameter of the
   *   graph nothing is looked at
   * @throws EngineError "runtime-refused", "limit-exceeded"
   */
  static async open(
    graph: TrainingGraph,
    initial: ReadonlyMap<string, Float32Array>,
    options: TrainerOptions,
    open: OpenStep,
    masks: ReadonlyMap<string, Float32Array> = new Map(),
  ): Promise<Trainer> {
    const used: Lane[] = ["weights", "gradients", ...lanesOf(options.optimizer)];
    if (options.accumulate > 1) used.push("sums");
    if (masks.size > 0 || options.afterUpdate !== undefined) used.push("mask");
    const memory = new TrainingMemory(graph.parameters, used);
    for (const { name } of graph.parameters) {
      const values = initial.get(name);
      if (values === undefined) throw new Error(`There are no values of ${name}`);
      memory.view("weights", name).set(values);
    }
    if (memory.has("mask")) {
      memory.lane("mask").fill(1);
      for (const { name } of graph.parameters) {
        const mask = masks.get(name);
        if (mask !== undefined) memory.view("mask", name).set(mask);
      }
      memory.kernels.multiply(memory.start("weights"), memory.start("mask"), memory.length);
    }
    return new Trainer(graph, memory, await open(graph, memory), options);
  }

  get steps(): number {
    return this.#steps;
  }

  /** What the model said of the last batch of a step. */
  get prediction(): Float32Array {
    return this.#step.prediction;
  }

  /** What the model says of a batch with the weights as they are; overwritten by the next call. */
  predict(feeds: TensorMap): Promise<Float32Array> {
    return this.#step.predict(feeds);
  }

  /** The weights and running statistics as they are now, copied. */
  weights(): Map<string, Float32Array> {
    const values = new Map(
      this.graph.parameters.map(({ name }) => [name, this.memory.view("weights", name).slice()]),
    );
    for (const [name, statistic] of this.#step.statistics) values.set(name, statistic.slice());
    return values;
  }

  /**
   * One batch forward and backward, and an update of the weights when enough batches have been seen.
   *
   * @throws EngineError "training-failed" where loss or gradients are not finite any more; the weights are then those
   *   before the step
   */
  async step(feeds: TensorMap): Promise<StepReport> {
    const loss = await this.#step.run({ ...feeds, ...this.#masks() });
    if (!Number.isFinite(loss)) throw this.#failure("training.lossDiverged", loss);
    const { accumulate, optimizer } = this.#options;
    const { memory } = this;
    const learningRate =
      optimizer.learning_rate *
      scheduleFactor(this.#options.schedule, this.#updates, this.#options.totalUpdates);
    this.#steps++;
    if (accumulate > 1) {
      if ((this.#steps - 1) % accumulate === 0) memory.lane("sums").set(memory.lane("gradients"));
      else memory.kernels.accumulate(memory.start("sums"), memory.start("gradients"), memory.length);
      if (this.#steps % accumulate !== 0) return { loss, gradientNorm: undefined, learningRate };
    }
    const lane: Lane = accumulate > 1 ? "sums" : "gradients";
    const squares = memory.kernels.sumSquares(memory.start(lane), memory.length);
    if (!Number.isFinite(squares)) throw this.#failure("training.gradientDiverged", squares);
    this.#options.project?.(memory, lane);
    const gradients = { lane, factor: 1 / accumulate };
    const { gradientNorm } = update(memory, optimizer, this.#updates, learningRate, gradients, this.#decays);
    this.#updates++;
    this.#options.afterUpdate?.(memory, this.#updates);
    return { loss, gradientNorm, learningRate };
  }

  #masks(): TensorMap {
    const { seed } = this.#options;
    return Object.fromEntries(
      this.graph.masks.map(({ name, dims, ratio }) => {
        const data = new Float32Array(sizeOf(dims));
        fillMask(data, ratio, { seed, step: this.#steps, name });
        return [name, { dtype: "float32", dims, data } as const];
      }),
    );
  }

  #failure(key: "training.lossDiverged" | "training.gradientDiverged", value: number): EngineError {
    const sizes = this.graph.parameters.map(({ name }) => {
      const largest = this.memory.view("gradients", name).reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      return { name, largest };
    });
    const [first] = sizes.filter(({ largest }) => !Number.isFinite(largest));
    const [most] = sizes.toSorted((a, b) => b.largest - a.largest);
    const weight =
      first !== undefined
        ? say("training.firstSuchWeight", { name: first.name })
        : say("training.largestWeight", { name: most?.name ?? "" });
    return failure("training-failed", say(key, { value: String(value), step: this.#steps + 1, weight }));
  }

  /** Only between updates: gradients that have been added up so far are part of it. */
  save(): TrainerState {
    const lanes: Partial<Record<Lane, Uint8Array>> = {};
    for (const lane of savedLanes) {
      if (!this.memory.has(lane)) continue;
      const values = this.memory.lane(lane);
      lanes[lane] = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    }
    const statistics = new Map([...this.#step.statistics].map(([name, values]) => [name, values.slice()]));
    return { steps: this.#steps, updates: this.#updates, lanes, statistics };
  }

  /** @throws EngineError "malformed" where the state is that of another training */
  restore({ steps, updates, lanes, statistics }: TrainerState): void {
    for (const [name, values] of this.#step.statistics) {
      const saved = statistics.get(name);
      if (saved?.length !== values.length) throw foreign();
      values.set(saved);
    }
    for (const lane of savedLanes) {
      if (!this.memory.has(lane)) continue;
      const bytes = lanes[lane];
      const values = this.memory.lane(lane);
      if (bytes?.length !== values.byteLength) throw foreign();
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(bytes);
    }
    this.#steps = steps;
    this.#updates = updates;
  }

  async release(): Promise<void> {
    await this.#step.release();
  }
}

function foreign(): EngineError {
  return new EngineError("malformed", "The checkpoint belongs to another training");
}

const savedLanes = ["weights", "first", "second", "sums", "mask"] as const satisfies readonly Lane[];

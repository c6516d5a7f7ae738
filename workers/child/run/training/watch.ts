import { join } from "node:path";
import type { RunTask } from "#contracts/child.ts";
import { trainingSeries } from "#contracts/training-series.ts";
import { EngineError } from "#engine/error.ts";
import { canonicalJson } from "#engine/evaluate/canonical-json.ts";
import type { CurveName, TrainingWatch } from "#engine/passes/training/tools.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { FileCheckpoints } from "#engine/runtime/file-checkpoints.ts";
import { sha256Hex } from "#engine/runtime/hash.ts";
import { remarkOf } from "#engine/say.ts";
import { type ProgressReporter, say, tell } from "../../parent.ts";
import { remark } from "../../say.ts";
import { Curves, curvesState } from "./curves.ts";
import { sayEpoch } from "./epochs.ts";

/** Points more often than this are of no use to anybody. */
const sendMs = 250;

/** Tells of one training of a run as it goes: curves, lines of the log, time left; and keeps its checkpoints. */
export class RunTraining {
  readonly #task: RunTask;
  readonly #at: number;
  readonly #curves = new Curves();
  readonly #progress: ProgressReporter;
  #sent = Number.NEGATIVE_INFINITY;
  #epochs = 0;

  /** @param at place of the step in the recipe, from 0 */
  constructor(task: RunTask, at: number, progress: ProgressReporter) {
    this.#task = task;
    this.#at = at;
    this.#progress = progress;
  }

  get #use(): string {
    return this.#task.recipe.steps[this.#at]?.use ?? "";
  }

  watch(): TrainingWatch {
    return {
      onBegin: (course) => {
        this.#epochs = course.epochs;
        this.#curves.begin(course);
        // What came before says nothing about the pace of a training.
        this.#progress.restart();
        const { done, batchesPerEpoch, epochs } = course;
        if (done > 0) tell(remark("log.goesOn", { use: this.#use, done, total: batchesPerEpoch * epochs }));
      },
      onPoint: (curve, step, value) => {
        this.#curves.add(curve, step, value);
        const now = performance.now();
        if (now - this.#sent < sendMs) return;
        this.#sent = now;
        this.#send();
      },
      onEpoch: (epoch, report) => sayEpoch(this.#use, epoch, this.#epochs, report),
      checkpoints: (key) => this.#checkpoints(key),
    };
  }

  /** Tells what is left to tell. */
  finish(): void {
    this.#curves.finish();
    this.#send();
  }

  #send(): void {
    const points = Map.groupBy(this.#curves.take(), ({ curve }) => curve);
    for (const [curve, own] of points) {
      const name = trainingSeries(this.#task.recipe.steps, this.#at, curve satisfies CurveName);
      const steps = Int32Array.from(own, ({ step }) => step);
      say({ kind: "points", name, steps, values: Float64Array.from(own, ({ value }) => value) });
    }
  }

  #checkpoints(key: string): FileCheckpoints {
    const { checkpoints, recipe } = this.#task;
    const { folder, everySeconds, subject } = checkpoints;
    // All that the state of a training follows from; the steps before it give the same each time.
    const origin = { engineVersion, subject, seed: recipe.seed, steps: recipe.steps, at: this.#at, key };
    return new FileCheckpoints({
      path: join(folder, `${this.#at + 1}-${key}.checkpoint`),
      identity: sha256Hex(new TextEncoder().encode(canonicalJson(origin))),
      everySeconds,
      note: () => this.#curves.state(),
      onNote: (note) => this.#curves.restore(curvesState.parse(note)),
      onFault: (error) => {
        if (!(error instanceof EngineError)) throw error;
        tell(remark("log.noCheckpoint", { error: remarkOf(error) }), "warn");
      },
    });
  }
}

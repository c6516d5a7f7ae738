import { EngineError } from "#engine/error.ts";
import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import type { ModelSignature, TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { Executable, PassTools } from "../pass.ts";
import type { Place } from "./place.ts";

/** A model that shows some values among its outputs. */
export interface View {
  readonly model: Model;
  /** Places in subgraphs that it does not show, with the reasons. */
  readonly hidden: ReadonlyMap<Place, EngineRemark>;
}

/** Makes a view that shows what is always looked at, and these places in subgraphs. */
type Show<V> = (places: readonly Place[]) => V;
type Load = (model: Model) => Promise<Executable>;

/**
 * Runs the calibration items through a view of a model. Where ONNX Runtime refuses it, as it does where the turns of a
 * Scan make values of different shapes, the subgraphs at fault are left out from then on.
 *
 * @param inner places in subgraphs to look at
 * @returns those that could not be looked at in all batches, with the reasons
 * @throws EngineError "runtime-refused" where the model does not run whatever is looked at, "data-mismatch" where the
 *   data does not fit
 */
export async function watch<V extends View>(
  inner: readonly Place[],
  show: Show<V>,
  { load, calibration }: PassTools,
  onBatch: (results: TensorMap, batch: FeedBatch, view: V) => void | Promise<void>,
): Promise<ReadonlyMap<Place, EngineRemark>> {
  if (load === undefined || calibration === undefined) throw new Error("to observe needs data and a runtime");
  const watcher = new Watcher(inner, show, load);
  try {
    for (const batch of calibration.batches(await watcher.signature())) {
      const { results, view } = await watcher.run(batch);
      await onBatch(results, batch, view);
    }
    return watcher.hidden;
  } finally {
    await watcher.release();
  }
}

/**
 * Subgraphs that are tried one by one where not all of them can be looked at: each try loads the model anew.
 */
const mostTries = 16;

class Watcher<V extends View> {
  readonly hidden = new Map<Place, EngineRemark>();
  readonly #inner: readonly Place[];
  readonly #show: Show<V>;
  readonly #load: Load;
  #open: { readonly view: V; readonly session: Executable } | undefined;

  constructor(inner: readonly Place[], show: Show<V>, load: Load) {
    this.#inner = inner;
    this.#show = show;
    this.#load = load;
  }

  async signature(): Promise<ModelSignature> {
    return (await this.#opened(undefined)).session.signature;
  }

  /** The results of a batch and the view that made them. */
  async run(batch: FeedBatch): Promise<{ results: TensorMap; view: V }> {
    const { view, session } = await this.#opened(batch);
    try {
      return { results: await session.run(batch.feeds), view };
    } catch (error) {
      await this.#narrow(error, batch);
      return this.run(batch);
    }
  }

  async release(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.session.release();
  }

  async #opened(batch: FeedBatch | undefined): Promise<{ readonly view: V; readonly session: Executable }> {
    if (this.#open !== undefined) return this.#open;
    const view = this.#show(this.#shown());
    for (const [place, reason] of view.hidden) this.hidden.set(place, reason);
    try {
      this.#open = { view, session: await this.#load(view.model) };
      return this.#open;
    } catch (error) {
      await this.#narrow(error, batch);
      return this.#opened(batch);
    }
  }

  #shown(): Place[] {
    return this.#inner.filter((place) => !this.hidden.has(place));
  }

  /** Leaves out the subgraphs that are at fault, or all of them where none is alone. */
  async #narrow(error: unknown, batch: FeedBatch | undefined): Promise<void> {
    await this.release();
    const shown = this.#shown();
    const basic = shown.length === 0 ? error : await this.#fault([], batch);
    if (basic !== undefined) throw basic;
    const scopes = new Set(shown.map(({ scope }) => scope));
    for (const scope of scopes.size > mostTries ? [] : scopes) {
      const own = shown.filter((place) => place.scope === scope);
      const fault = await this.#fault(own, batch);
      if (fault !== undefined) for (const place of own) this.hidden.set(place, reasonOf(fault));
    }
    if (this.#shown().length < shown.length) return;
    for (const place of shown) this.hidden.set(place, reasonOf(error));
  }

  /** Why some places cannot be looked at together; undefined where they can. */
  async #fault(places: readonly Place[], batch: FeedBatch | undefined): Promise<unknown> {
    let session: Executable | undefined;
    try {
      session = await this.#load(this.#show(places).model);
      if (batch !== undefined) await session.run(batch.feeds);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      await session?.release();
    }
  }
}

/** Of ONNX Runtime's messages, which repeat themselves, the beginning. */
const mostReason = 300;

/** @throws what is no refusal of ONNX Runtime */
function reasonOf(error: unknown): EngineRemark {
  if (!(error instanceof EngineError) || error.code !== "runtime-refused") throw error;
  return say("observation.refused", { error: error.detail.slice(0, mostReason) });
}

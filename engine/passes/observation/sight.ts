import { subgraphs } from "#engine/onnx/attributes.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { nodeRemark } from "../pass.ts";
import type { Place } from "./place.ts";

/** What was seen of values over the calibration items. */
export class Sight {
  /** Nothing. */
  static readonly none = new Sight(new Map(), new Set());
  readonly #hidden: ReadonlyMap<Place, EngineRemark>;
  readonly #seen: ReadonlySet<Place>;

  /**
   * @param hidden places that could not be looked at in all batches, with the reasons
   * @param seen places where there was a value at least once
   */
  constructor(hidden: ReadonlyMap<Place, EngineRemark>, seen: ReadonlySet<Place>) {
    this.#hidden = hidden;
    this.#seen = seen;
  }

  /** Why what is seen at these places together tells nothing, or only a part; undefined where all is well. */
  fault(places: readonly Place[]): EngineRemark | undefined {
    for (const place of places) {
      const reason = this.#hidden.get(place);
      if (reason !== undefined) return reason;
    }
    // A value in a branch that is never taken takes nothing away from what other nodes see.
    if (places.some((place) => this.#seen.has(place))) return undefined;
    const [first] = places;
    return first === undefined ? say("observation.nothing") : notReached(first);
  }
}

function notReached({ scope: { owner, graph } }: Place): EngineRemark {
  if (owner === undefined || graph === undefined) return say("observation.nothing");
  const number = subgraphs(owner).indexOf(graph) + 1;
  return say("observation.notReached", { number, node: nodeRemark(owner) });
}

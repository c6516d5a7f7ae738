import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { ArchitectureOf } from "./architecture.schema.ts";
import { dense, embed, flatten } from "./layers.ts";
import { Network, type Seed } from "./network.ts";

/** Words one after the other through a long short-term memory (Hochreiter and Schmidhuber 1997), whose last state decides. */
export function lstm(
  { vocabulary, length, outputs, width, hidden }: ArchitectureOf<"lstm">,
  seed: Seed,
): Model {
  const net = new Network(seed);
  const ids = net.input("tokens", [length], "int64");
  const words = embed(net, ids, "embedding", vocabulary, width, 0.1);
  // The operator wants positions first: its outputs have no batch in front, which `flatten` puts right.
  const turned = net.node("Transpose", [words.name], "turned", [], [makeInts("perm", [1, 0, 2])]);
  const weight = net.weight("lstm.weight", [1, 4 * hidden, width], width, hidden);
  const recurrence = net.weight("lstm.recurrence", [1, 4 * hidden, hidden], hidden, hidden);
  const bias = net.constant("lstm.bias", [1, 8 * hidden], 0);
  const operands = [turned.name, weight, recurrence, bias];
  const state = net.second("LSTM", operands, "state", [makeInt("hidden_size", hidden)]);
  const back = net.node("Transpose", [state], "state.back", [1, hidden], [makeInts("perm", [1, 0, 2])]);
  return net.finish("lstm", [ids], dense(net, flatten(net, back), "head", outputs), "logits");
}

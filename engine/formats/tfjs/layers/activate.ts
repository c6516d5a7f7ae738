import { isActivation, activate as write } from "../graph/activation.ts";
import type { Signal } from "../graph/signal.ts";
import { type LayerCall, refuse } from "./call.ts";

/** The activation of a layer behind what it computes. */
export function activate(call: LayerCall, x: Signal, name: string): Signal {
  if (!isActivation(name)) refuse(call, `with the activation ${name}`);
  return write(call.writer, x, name, call.spec.name);
}

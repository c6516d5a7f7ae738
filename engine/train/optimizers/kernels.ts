import { wasm } from "./optimizers.wasm.ts";

/** What `optimizers.wat` exports. Addresses and lengths are bytes of the memory. */
export interface OptimizerKernels {
  sgd(
    w: number,
    gradient: number,
    m: number,
    length: number,
    scale: number,
    decay: number,
    rate: number,
    momentum: number,
    nesterov: number,
  ): void;
  adam(
    w: number,
    gradient: number,
    m: number,
    v: number,
    length: number,
    scale: number,
    coupled: number,
    keep: number,
    rate: number,
    share1: number,
    share2: number,
    root: number,
    epsilon: number,
  ): void;
  sumSquares(from: number, length: number): number;
  accumulate(to: number, from: number, length: number): void;
  multiply(to: number, from: number, length: number): void;
}

/** The kernels on a memory. */
export function optimizerKernels(memory: WebAssembly.Memory): OptimizerKernels {
  const module = new WebAssembly.Module(Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0)));
  const { exports } = new WebAssembly.Instance(module, { training: { memory } });
  // The text of the module is beside it; a test compares them.
  return exports as unknown as OptimizerKernels;
}

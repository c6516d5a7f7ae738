import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runInThisContext } from "node:vm";
import type { DType } from "../../onnx/dtypes.ts";

/**
 * LiteRT, TensorFlow Lite's own runtime, as its makers compile it to WebAssembly for browsers (@litertjs/core). The package's
 * own loader wants a page with script elements; its WebAssembly module runs in Node as it is. Of the two builds without
 * threads this is the one without relaxed SIMD, whose results differ between processors.
 */
interface LiteRtModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
  readonly LiteRtEnvironment: { create(device: null): Handle };
  readonly LiteRtTensorBufferType: { HOST_MEMORY: unknown };
  readonly LiteRtTensorBufferLockMode: { READ: unknown; WRITE: unknown };
  readonly LiteRtLayout: { create(dimensions: Handle): Handle };
  readonly LiteRtRankedTensorType: { create(type: { value: number }, layout: Handle): RankedType };
  readonly LiteRtTensorBuffer: {
    createManaged(environment: Handle, kind: unknown, type: RankedType, bytes: number): TensorBuffer;
  };
  readonly VectorInt32: new () => Handle & { push_back(value: number): void };
  loadModel(environment: Handle, at: number, bytes: number): Handle;
  compileModel(environment: Handle, model: Handle, options: object): Promise<CompiledModel>;
}

interface Handle {
  delete(): void;
}

interface RankedType extends Handle {
  bytes(): number;
}

interface TensorBuffer extends Handle {
  lock(mode: unknown): number;
  unlock(): void;
  packedSize(): number;
}

interface CompiledModel extends Handle {
  run(signature: number, inputs: TensorBuffer[]): Promise<TensorBuffer[]>;
}

/** Element types as LiteRT numbers them, which is not as the file does. */
const codes: Partial<Record<DType, number>> = {
  float32: 1,
  int32: 2,
  uint8: 3,
  int64: 4,
  bool: 6,
  int16: 7,
  int8: 9,
  float16: 10,
};

/** An input as the file has it: its type and shape, and its values as bytes. */
export interface RawInput {
  readonly type: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface LiteRtSession {
  /** Outputs as bytes, in the file's order. */
  run(inputs: readonly RawInput[]): Promise<Uint8Array[]>;
  close(): void;
}

/** What LiteRT logged as an error: a graph that it cannot prepare leaves the results as memory was, and throws nothing. */
const errors: string[] = [];

function checkErrors(): void {
  const found = errors.splice(0);
  if (found.length > 0) throw new Error(`LiteRT refuses the model: ${found.join("; ")}`);
}

let loaded: Promise<{ module: LiteRtModule; environment: Handle }> | undefined;

async function load() {
  const require = createRequire(import.meta.url);
  const script = require.resolve("@litertjs/core/wasm/litert_wasm_compat_internal.js");
  const folder = dirname(script);
  const wrapped = `(require, __filename, __dirname) => {${readFileSync(script, "utf8")}; return ModuleFactory; }`;
  const factory: unknown = runInThisContext(wrapped)(require, script, folder);
  if (typeof factory !== "function") throw new Error("LiteRT has no factory");
  const listen = (line: string) => {
    if (line.startsWith("ERROR")) errors.push(line);
  };
  const module: LiteRtModule = await factory({
    wasmBinary: readFileSync(join(folder, "litert_wasm_compat_internal.wasm")),
    print: listen,
    printErr: listen,
  });
  return { module, environment: module.LiteRtEnvironment.create(null) };
}

/** Loads a model into LiteRT. Throws where LiteRT refuses it. */
export async function liteRt(bytes: Uint8Array): Promise<LiteRtSession> {
  loaded ??= load();
  const { module, environment } = await loaded;
  const at = module._malloc(bytes.length);
  module.HEAPU8.set(bytes, at);
  const model = module.loadModel(environment, at, bytes.length);
  const compiled = await module.compileModel(environment, model, {
    environment: { liteRtEnvironment: environment },
    accelerator: "wasm",
    cpuOptions: { numThreads: 1 },
    gpuOptions: {},
    webNNOptions: {},
  });
  checkErrors();
  const filled = ({ type: element, shape, bytes: values }: RawInput) => {
    const dimensions = new module.VectorInt32();
    for (const dim of shape) dimensions.push_back(dim);
    const layout = module.LiteRtLayout.create(dimensions);
    const type = module.LiteRtRankedTensorType.create({ value: codes[element] ?? 0 }, layout);
    const buffer = module.LiteRtTensorBuffer.createManaged(
      environment,
      module.LiteRtTensorBufferType.HOST_MEMORY,
      type,
      type.bytes(),
    );
    // The memory may grow when it is asked for, and be another array.
    const to = buffer.lock(module.LiteRtTensorBufferLockMode.WRITE);
    module.HEAPU8.set(values, to);
    buffer.unlock();
    for (const handle of [type, layout, dimensions]) handle.delete();
    return buffer;
  };
  return {
    async run(inputs) {
      const given = inputs.map(filled);
      const results = await compiled.run(0, given);
      checkErrors();
      const outputs = results.map((buffer) => {
        const from = buffer.lock(module.LiteRtTensorBufferLockMode.READ);
        const values = module.HEAPU8.slice(from, from + buffer.packedSize());
        buffer.unlock();
        return values;
      });
      for (const buffer of [...given, ...results]) buffer.delete();
      return outputs;
    },
    close() {
      compiled.delete();
      model.delete();
      module._free(at);
    },
  };
}

/** The version of the package that LiteRT comes in. */
export function liteRtVersion(): string {
  const require = createRequire(import.meta.url);
  const about: unknown = JSON.parse(
    readFileSync(join(dirname(require.resolve("@litertjs/core")), "../package.json"), "utf8"),
  );
  return about instanceof Object && "version" in about ? String(about.version) : "of unknown version";
}

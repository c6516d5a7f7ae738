import { createRequire } from "node:module";
import util from "node:util";
import type * as Library from "@tensorflow/tfjs";

/** The library as it is used here; its native form has the same functions. */
export type TensorFlow = typeof Library;
export type TensorFlowTensor = Library.Tensor;

/** TensorFlow.js with its native backend where it is installed, or why it is not there. */
export type TensorFlowSearch =
  | { readonly status: "available"; readonly tf: unknown; readonly version: string }
  | { readonly status: "unavailable"; readonly reason: string };

let found: Promise<TensorFlowSearch> | undefined;

/**
 * Loads `@tensorflow/tfjs-node`, an optional dependency whose native library is downloaded at installation. It
 * serves to run TensorFlow.js models as their makers do and to compare results; nothing else needs it.
 */
export function findTensorFlow(): Promise<TensorFlowSearch> {
  found ??= load();
  return found;
}

async function load(): Promise<TensorFlowSearch> {
  // Node 23 removed this function, which the package still calls.
  if (!("isNullOrUndefined" in util)) {
    Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  }
  try {
    // The name is kept from the type checker, because the package may not be installed.
    const name: string = "@tensorflow/tfjs-node";
    const module: unknown = await import(name);
    const tf = module instanceof Object && "default" in module ? module.default : module;
    const version = tf instanceof Object && "version" in tf ? tf.version : undefined;
    const node =
      version instanceof Object && "tfjs-node" in version ? String(version["tfjs-node"]) : "unknown";
    return { status: "available", tf, version: node };
  } catch (error) {
    const missing = error instanceof Error && "code" in error && /MODULE_NOT_FOUND/.test(String(error.code));
    return {
      status: "unavailable",
      reason: missing
        ? "@tensorflow/tfjs-node is not installed; install it with access to its native library to run TensorFlow.js models natively"
        : `@tensorflow/tfjs-node is installed but its native library does not load: ${firstLine(error)}`,
    };
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]?.slice(0, 300) ?? "";
}

/** TensorFlow.js ready to run, and by what: such as `TensorFlow.js 4.22.0 (tfjs-node)` or `TensorFlow.js 4.22.0 (cpu)`. */
export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly runtime: string;
}

let loading: Promise<LoadedTensorFlow> | undefined;

/** TensorFlow.js with its native library where that loads, else in plain JavaScript. */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  loading ??= nativeOrPlain();
  return loading;
}

async function nativeOrPlain(): Promise<LoadedTensorFlow> {
  const native = await findTensorFlow();
  if (native.status === "available" && isLibrary(native.tf)) {
    return { tf: native.tf, runtime: `TensorFlow.js ${native.version} (tfjs-node)` };
  }
  const tf = plainLibrary();
  await tf.setBackend("cpu");
  return { tf, runtime: `TensorFlow.js ${tf.version.tfjs} (cpu)` };
}

function plainLibrary(): TensorFlow {
  const library: unknown = createRequire(import.meta.url)("@tensorflow/tfjs");
  if (isLibrary(library)) return library;
  throw new TypeError("@tensorflow/tfjs is not the library that it should be");
}

function isLibrary(value: unknown): value is TensorFlow {
  return value instanceof Object && "loadGraphModel" in value && "loadLayersModel" in value && "io" in value;
}

import util from "node:util";

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

export type TensorFlow = typeof import("@tensorflow/tfjs");

/** TensorFlow.js with its backend in plain JavaScript. It says nothing on the terminal. */
export async function plainTensorFlow(): Promise<TensorFlow> {
  const tf = await import("@tensorflow/tfjs");
  tf.env().set("IS_TEST", true);
  await tf.setBackend("cpu");
  return tf;
}

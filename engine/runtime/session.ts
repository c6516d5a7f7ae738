import { EngineError } from "#engine/error.ts";
import type { ModelSignature, TensorMap, TensorSignature } from "../evaluate/tensors/tensor.ts";
import { env, InferenceSession } from "./onnxruntime.ts";
import { asDataType, fromRuntime, toRuntime } from "./tensors.ts";

export interface SessionOptions {
  /** Writes the graph as ONNX Runtime executes it, after fusion, to this path. */
  readonly optimizedModelPath?: string;
  /** Default "all". "disabled" runs the graph as written. */
  readonly optimization?: "disabled" | "basic" | "extended" | "all";
  /** Sizes for symbolic dimensions. */
  readonly dimensions?: Readonly<Record<string, number>>;
}

/** A loaded model. `run` blocks the thread while the model computes. */
export interface ModelSession {
  readonly signature: ModelSignature;
  /** @throws EngineError "runtime-refused" where the model rejects its inputs or fails */
  readonly run: (feeds: TensorMap) => Promise<TensorMap>;
  /** The same call with its inputs converted beforehand and its outputs left alone, for timing. */
  readonly prepare: (feeds: TensorMap) => () => Promise<unknown>;
  readonly release: () => Promise<void>;
}

/** Version of ONNX Runtime, for the conditions of a measurement. */
export const runtimeVersion: string = env.versions.node ?? env.versions.common;

/** One thread that sleeps when idle: spinning threads take ten times the CPU time of the work itself. */
export const sessionThreads = 1;

/**
 * Loads an ONNX model from a file, with external data beside it, or from the bytes of one that is whole.
 *
 * @throws EngineError "runtime-refused" with ONNX Runtime's reason
 */
export async function loadSession(
  source: string | Uint8Array,
  options: SessionOptions = {},
): Promise<ModelSession> {
  const session = await createSession(source, options);
  const signature = {
    inputs: session.inputMetadata.map((value) => describeValue(value, "input")),
    outputs: session.outputMetadata.map((value) => describeValue(value, "output")),
  };
  return {
    signature,
    run: async (feeds) => convertOutputs(await runSession(session, convertInputs(feeds))),
    prepare: (feeds) => {
      const inputs = convertInputs(feeds);
      return () => runSession(session, inputs);
    },
    release: () => session.release(),
  };
}

/** A loaded model whose tensors are ONNX Runtime's own, for callers that keep them from call to call. */
export interface TensorSession {
  /**
   * @param outputs where the results are written; they must have their shapes
   * @throws EngineError "runtime-refused"
   */
  readonly run: (inputs: RuntimeValues, outputs: RuntimeValues) => Promise<void>;
  readonly release: () => Promise<void>;
}

/** @throws EngineError "runtime-refused" with ONNX Runtime's reason */
export async function loadTensorSession(source: Uint8Array): Promise<TensorSession> {
  const session = await createSession(source, {});
  return {
    run: async (inputs, outputs) => {
      await runSession(session, inputs, outputs);
    },
    release: () => session.release(),
  };
}

async function createSession(
  source: string | Uint8Array,
  options: SessionOptions,
): Promise<InferenceSession> {
  const how: InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: sessionThreads,
    interOpNumThreads: sessionThreads,
    executionMode: "sequential",
    graphOptimizationLevel: options.optimization ?? "all",
    // The binding refuses members that are present but undefined.
    ...(options.optimizedModelPath === undefined
      ? {}
      : { optimizedModelFilePath: options.optimizedModelPath }),
    ...(options.dimensions === undefined ? {} : { freeDimensionOverrides: options.dimensions }),
    // Its reasons come back as errors; on the error stream they would only be noise.
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: "0" }, inter_op: { allow_spinning: "0" } } },
  };
  try {
    return typeof source === "string"
      ? await InferenceSession.create(source, how)
      : await InferenceSession.create(source, how);
  } catch (cause) {
    throw refused("ONNX Runtime does not load the model", cause);
  }
}

type RuntimeValues = InferenceSession.OnnxValueMapType;

async function runSession(
  session: InferenceSession,
  inputs: RuntimeValues,
  outputs?: RuntimeValues,
): Promise<RuntimeValues> {
  try {
    return outputs === undefined ? await session.run(inputs) : await session.run(inputs, outputs);
  } catch (cause) {
    throw refused("ONNX Runtime fails to run the model", cause);
  }
}

function convertInputs(feeds: TensorMap): RuntimeValues {
  return Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toRuntime(tensor)]));
}

function convertOutputs(results: RuntimeValues): TensorMap {
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [name, fromRuntime(tensor, `output "${name}"`)]),
  );
}

function describeValue(value: InferenceSession.ValueMetadata, role: string): TensorSignature {
  const place = `${role} "${value.name}"`;
  if (!value.isTensor) {
    throw new EngineError(
      "unsupported",
      "Only tensors can go in and out; this is a sequence or a map",
      place,
    );
  }
  return { name: value.name, dtype: asDataType(value.type, place), shape: value.shape };
}

/** ONNX Runtime repeats the file's path, which is of no use to a reader and may not be theirs to see. */
function refused(what: string, cause: unknown): EngineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const clean = reason.replace(/Load model from \S+ failed:\s*/g, "").replace(/\s+/g, " ");
  return new EngineError("runtime-refused", `${what}: ${clean.slice(0, 2000)}`, undefined, { cause });
}

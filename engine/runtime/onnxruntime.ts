import "./no-telemetry.ts";

/** The only door to ONNX Runtime: what is loaded through it reports nothing to anybody. */
export { env, InferenceSession, Tensor } from "onnxruntime-node";

/**
 * The packaged builds of ONNX Runtime, from 1.29, report models by file name, graph name and hash to their makers
 * (microsoft/onnxruntime#27379), leave an identifier of the machine in the home folder and write logs beside whatever
 * is open. What is registered here is nobody else's business, and a thread that reports disturbs what is measured.
 * The library reads this once, before its first session: import this module before it.
 */
process.env.ORT_DISABLE_TELEMETRY = "1";

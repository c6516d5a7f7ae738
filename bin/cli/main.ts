import { EngineError } from "#engine/error.ts";
import { visible } from "#engine/onnx/quote.ts";
import { removeUnfinished } from "#engine/runtime/unfinished.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./usage.ts";

const commands: Record<string, () => Promise<{ command: Command }>> = {
  create: () => import("./create.ts"),
  convert: () => import("./convert.ts"),
  inspect: () => import("./inspect.ts"),
  compress: () => import("./compress.ts"),
  evaluate: () => import("./evaluate.ts"),
  sensitivity: () => import("./sensitivity.ts"),
};

const help = `Usage: parsimony COMMAND [OPTIONS]

  create ARCHITECTURE --out FILE [--seed N] [OPTIONS] [--json]
      builds a network to start from; "parsimony create --help" lists what there is

  convert MODEL --out FILE [--json]
      makes an ONNX file of a TensorFlow.js or TensorFlow Lite model, and runs both on the same
      inputs: what differs is not accepted

  inspect MODEL [--no-sizes] [--json]
      what a model is: inputs, outputs, operators, parameters, size, MACs

  compress MODEL --recipe FILE|NAME --out FILE [--data DATASET] [--teacher MODEL] [--no-sizes] [--json]
      applies a recipe and writes the smaller model: as its deep form where
      FILE ends in .parsimony, else as ONNX; steps that train do so on the
      train split of DATASET and choose by its tuning split, and those that
      learn from a teacher learn from that of --teacher, or from MODEL itself

  evaluate MODEL [--data DATASET] [--against MODEL] [--energy] [--json]
      measures a model: its quality on labelled data, or how close it is to the original
      (--against); with --energy also its time, memory and energy, alone on this machine

  sensitivity MODEL [--data DATASET] [--sparsities 0.25,0.5,…] [--protect NAME]… [--json]
      which weights bear pruning: each tensor alone is pruned by magnitude, and the outputs
      are compared with the original's, on calibration items or on made-up inputs

MODEL is an ONNX file or the deep form of one (.parsimony); or a model that is converted first: a TensorFlow Lite file,
the model.json of TensorFlow.js with its weights beside it, or their folder. --json prints one JSON document on standard output;
--no-sizes leaves out the sizes after gzip and as the deep form, which take a minute for a large model.
The exit status is 0, or 2 with one line that says what is wrong and where.
`;

async function main(args: readonly string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageError('no command given: try "parsimony --help"');
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(help);
    return;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    throw new UsageError(`unknown command "${name}": there is ${Object.keys(commands).join(", ")}`);
  }
  const { command } = await load();
  await command(rest);
}

/** One line, whatever the error carries. */
function oneLine(error: unknown): string {
  if (error instanceof EngineError || error instanceof UsageError) return flat(error.message);
  return flat(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}

function flat(text: string): string {
  return visible(text.split(/\s*[\r\n]+\s*/).join(" | "));
}

for (const [signal, status] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
  process.on(signal, () => {
    removeUnfinished();
    process.exit(status);
  });
}
// A reader such as `head` that closes the pipe early is no fault.
process.stdout.on("error", () => process.exit(0));

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`parsimony: ${oneLine(error)}\n`);
  process.exitCode = 2;
}

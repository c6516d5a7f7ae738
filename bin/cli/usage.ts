import { type ParseArgsConfig, parseArgs } from "node:util";

/** A command line that cannot be meant; the message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * `parseArgs` with its errors as `UsageError`, and exactly one positional argument.
 *
 * @param what that argument is
 */
export function parseCommand<O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
  what = "a MODEL: the path of an ONNX file or of its deep form",
) {
  const parsed = attempt(() => parseArgs({ args: [...args], options, allowPositionals: true, strict: true }));
  const [model, ...others] = parsed.positionals;
  if (model === undefined) throw new UsageError(`${command} needs ${what}`);
  const [kind] = /[A-Z]+/.exec(what) ?? [];
  if (others.length > 0) throw new UsageError(`${command} takes one ${kind}, but got "${others[0]}" too`);
  return { model, values: parsed.values };
}

function attempt<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

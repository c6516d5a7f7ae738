/** Endings of files that are a model by themselves. */
const whole = /\.(onnx|tflite)$/i;

/** Whether these files are one that needs no others beside it. */
export function isWhole(files: readonly { readonly name: string }[]): boolean {
  return files.length === 1 && whole.test(files[0]?.name ?? "");
}

/** The file that names the others: a description, or the only one. */
export function mainFile<T extends { readonly file: { readonly name: string } }>(
  list: readonly T[],
): T | undefined {
  return list.find(({ file }) => /\.json$/i.test(file.name)) ?? list[0];
}

/** A name for a model, after its file where that says something. */
export function suggestedName(files: readonly { readonly name: string }[]): string {
  const names = files.map(({ name }) => name.replace(/\.[^.]+$/, ""));
  const [only = ""] = names;
  return files.length === 1 && !/^(model|group\d+-shard)/i.test(only) ? only : "";
}

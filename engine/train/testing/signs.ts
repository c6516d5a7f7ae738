import { type Dataset, loadDataset } from "#engine/evaluate/dataset/dataset.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { noise } from "../autodiff/testing/case.ts";

const items = 200;

/** Two numbers, and whether their signs agree: no line tells the classes apart. */
export function signs(
  options: { label?: (a: number, b: number) => string | number; tuning?: number; task?: string } = {},
): Dataset {
  const { label = (a, b) => (a * b > 0 ? 1 : 0), tuning = 0.2 } = options;
  const numbers = noise(2 * items, 11);
  const lines = Array.from({ length: items }, (_, at) => {
    const [a = 0, b = 0] = numbers.subarray(2 * at, 2 * at + 2);
    return `${a},${b},${label(a, b)}`;
  });
  const manifest = parseManifest(
    JSON.stringify({
      name: "signs",
      task: options.task ?? "classification",
      splits: { train: "items.csv", ...(tuning > 0 && { tuning }) },
      inputs: [{ to: 0, from: ["a", "b"], dtype: "float32" }],
      label: { from: "label" },
    }),
  );
  return loadDataset(manifest, () => new TextEncoder().encode(["a,b,label", ...lines].join("\n")));
}

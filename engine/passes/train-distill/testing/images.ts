import { type Dataset, loadDataset } from "#engine/evaluate/dataset/dataset.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { noise } from "#engine/train/autodiff/testing/case.ts";

const [items, side] = [96, 8];

/** Images of 8 × 8 with one bright quarter, which is their class. */
export function quarters(): Dataset {
  const size = side * side;
  const pixels = noise(items * size, 21);
  const lines = Array.from({ length: items }, (_, item) => {
    const label = item % 4;
    const image = Array.from({ length: size }, (__, at) => {
      const quarter = 2 * Number(at >= size / 2) + Number(at % side >= side / 2);
      return ((pixels[item * size + at] ?? 0) + (quarter === label ? 1.5 : 0)).toFixed(3);
    });
    return [...image, label].join(",");
  });
  const manifest = parseManifest(
    JSON.stringify({
      name: "quarters",
      task: "classification",
      splits: { train: "items.csv", tuning: 0.25 },
      csv: { header: false },
      inputs: [{ to: 0, from: `0..${size - 1}`, shape: [1, side, side], layout: "NCHW", dtype: "float32" }],
      label: { from: size },
    }),
  );
  return loadDataset(manifest, () => new TextEncoder().encode(lines.join("\n")));
}

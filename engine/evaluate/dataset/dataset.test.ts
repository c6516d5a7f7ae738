import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutRows } from "./cut.ts";
import { calibrationRows, type Dataset, loadDataset, rowsOf } from "./dataset.ts";
import { splitDigests } from "./digest.ts";
import { parseManifest } from "./manifest.ts";
import { datasetSummarySchema } from "./summary.schema.ts";
import { summarise } from "./summary.ts";
import { words } from "./words.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function load(manifest: object, files: Record<string, string | Uint8Array>): Dataset {
  return loadDataset(parseManifest(JSON.stringify({ name: "t", ...manifest })), (name) => {
    const content = files[name];
    if (content === undefined) throw new Error(`no file ${name}`);
    return typeof content === "string" ? encode(content) : content;
  });
}

const table = `a,b,kind\n${Array.from({ length: 100 }, (_, i) => `${i},${i * 2},${i % 4 === 0 ? "cat" : "dog"}`).join("\n")}`;
const inputs = [{ to: 0, from: ["a", "b"] }];
const base = { task: "classification", inputs, label: { from: "kind" } };
const cut = { file: "t.csv", seed: 7, test: 0.2, tuning: 0.1, calibration: 20 };

/** Not cryptographic: a test needs only that other bytes give another text. */
const checksum = (bytes: Uint8Array) =>
  bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 7).toString(16);

describe("loadDataset", () => {
  it("cuts one file by seed, each class in proportion", () => {
    const { splits, labels } = load({ ...base, splits: cut }, { "t.csv": table });
    expect([splits.test.length, splits.tuning.length, splits.calibration.length]).toEqual([20, 10, 20]);
    expect(splits.train.length).toBe(50);
    if (labels?.kind !== "class") throw new Error("no classes");
    expect(labels.names).toEqual(["cat", "dog"]);
    const cats = splits.test.filter((row) => labels.values[row] === 0).length;
    expect(cats).toBe(5);
    const again = load({ ...base, splits: cut }, { "t.csv": table });
    expect(again.splits).toEqual(splits);
    expect(load({ ...base, splits: { ...cut, seed: 8 } }, { "t.csv": table }).splits).not.toEqual(splits);
  });

  it("takes given files as they are and cuts only train", () => {
    const files = { "train.csv": table, "test.csv": table };
    const given = { train: "train.csv", test: "test.csv" };
    const whole = load({ ...base, splits: given }, files);
    const smaller = load({ ...base, splits: { ...given, calibration: 30, tuning: 0.1 } }, files);
    expect(whole.splits.test).toEqual(Uint32Array.from({ length: 100 }, (_, index) => 100 + index));
    expect(smaller.splits.test).toEqual(whole.splits.test);
    expect(smaller.splits.train.length).toBe(60);
  });

  it("reads splits from a column", () => {
    const rows = "x,part,y\n1,train,0\n2,Test,1\n3,validation,0\n4,train,1\n";
    const splits = { file: "t.csv", column: "part" };
    const dataset = load(
      { task: "classification", inputs: [{ to: "in", from: "x" }], label: { from: "y" }, splits },
      { "t.csv": rows },
    );
    expect(dataset.splits).toMatchObject({ train: Uint32Array.of(0, 3), tuning: Uint32Array.of(2) });
    expect(() =>
      load(
        { ...base, inputs: [{ to: 0, from: "x" }], label: { from: "y" }, splits },
        { "t.csv": `${rows}5,hold,1\n` },
      ),
    ).toThrow('"hold" in item 4 is no split');
  });

  it("says what is missing", () => {
    const files = { "t.csv": table };
    expect(() => load({ ...base, label: { from: "klass" }, splits: cut }, files)).toThrow(
      'There is no column "klass" for the label; the columns are "a", "b", "kind"',
    );
    expect(() => load({ ...base, splits: { ...cut, test: 99 } }, files)).toThrow("there are only 100");
    expect(() => load({ ...base, splits: cut }, { "t.csv": "" })).toThrow("empty");
    expect(() =>
      load({ ...base, label: { from: "kind", classes: ["cat", "cow"] }, splits: cut }, files),
    ).toThrow('The label "dog" of item 1');
    const dataset = load({ ...base, splits: { train: "t.csv" } }, files);
    expect(() => rowsOf(dataset, "test")).toThrow("has no test split; it has train");
  });

  it("expands a range of columns", () => {
    const dataset = load({ ...base, inputs: [{ to: 0, from: "a..b" }], splits: cut }, { "t.csv": table });
    expect(dataset.encoders[0]!.itemShape).toEqual([2]);
    const item = new Float64Array(2);
    dataset.encoders[0]!.write(3, item);
    expect([...item]).toEqual([3, 6]);
  });

  it("keeps class indices when only one split is read", () => {
    const files = { "a.csv": "x,y\n1,red\n2,blue\n", "b.csv": "x,y\n3,red\n" };
    const manifest = parseManifest(
      JSON.stringify({
        name: "t",
        task: "classification",
        inputs: [{ to: 0, from: "x" }],
        label: { from: "y" },
        splits: { train: "a.csv", test: "b.csv" },
      }),
    );
    const dataset = loadDataset(manifest, (name) => encode(files[name as keyof typeof files]), {
      splits: ["test"],
    });
    expect(dataset.labels?.kind === "class" && dataset.labels.names).toEqual(["blue", "red"]);
  });

  it("calibrates on train where no calibration split exists, never on test", () => {
    const dataset = load({ ...base, splits: { train: "t.csv", test: "t.csv" } }, { "t.csv": table });
    const { rows, split } = calibrationRows(dataset, 30);
    expect(split).toBe("train");
    expect(new Set(rows).size).toBe(30);
    expect(rows.every((row) => row < 100)).toBe(true);
  });
});

describe("text", () => {
  const files = {
    "t.csv": 'text,y\n"The cat, the HAT",0\ndog!,1\n',
    "v.txt": "<pad>\n<unk>\nthe\ncat\nhat\n",
  };
  const text = (input: object, vocabulary = files["v.txt"]) =>
    load(
      {
        task: "classification",
        inputs: [{ to: "ids", from: "text", encode: "words", vocabulary: "v.txt", length: 6, ...input }],
        label: { from: "y" },
        splits: { test: "t.csv" },
      },
      { ...files, "v.txt": vocabulary },
    ).encoders[0]!;
  const row = (encoder: ReturnType<typeof text>, index: number) => {
    const target = new Float64Array(6);
    encoder.write(index, target);
    return [...target];
  };

  it("becomes indices, padded and with unknown words", () => {
    expect(row(text({}), 0)).toEqual([2, 3, 2, 4, 0, 0]);
    expect(row(text({}), 1)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(row(text({ lowercase: false }), 0)).toEqual([1, 3, 2, 1, 0, 0]);
  });

  it("leaves unknown words out without an entry for them, and refuses to invent padding", () => {
    expect(row(text({ pad: 9 }, "the\ncat\n"), 0)).toEqual([0, 1, 0, 9, 9, 9]);
    expect(() => row(text({}, "the\ncat\n"), 0)).toThrow("no padding is defined");
  });

  it("splits words of any script", () => {
    expect(words("Grüße, l'été — 你好 x2", true)).toEqual(["grüße", "l'été", "你好", "x2"]);
  });
});

describe("categories", () => {
  const files = { "r.csv": "user,item,rating\nu7,i1,4\nu3,i2,2\n", "users.txt": "u3\nu7\n" };
  const ratings = (to: object) =>
    load(
      {
        task: "ranking",
        inputs: [{ to: 0, from: "user", ...to }],
        label: { from: "rating" },
        splits: { test: "r.csv" },
      },
      files,
    );

  it("are looked up in a vocabulary, or refused", () => {
    const encoder = ratings({ encode: "index", vocabulary: "users.txt" }).encoders[0]!;
    const target = new Float64Array(1);
    encoder.write(0, target);
    expect([encoder.itemShape, target[0]]).toEqual([[], 1]);
    const other = ratings({ encode: "index", classes: ["u3"] }).encoders[0]!;
    expect(() => other.write(0, target)).toThrow('"u7" is not in the vocabulary (at item 0, column "user")');
  });

  it("become one-hot vectors", () => {
    const encoder = ratings({ encode: "one-hot", classes: ["u1", "u3", "u7"] }).encoders[0]!;
    const target = new Float64Array(3).fill(9);
    encoder.write(0, target);
    expect([...target]).toEqual([0, 0, 1]);
  });

  it("form the lists of a ranking", () => {
    const { labels } = ratings({ encode: "index", vocabulary: "users.txt" });
    expect(labels).toMatchObject({ kind: "value", groups: Int32Array.of(0, 1) });
  });
});

describe("cutRows", () => {
  it("never loses or repeats a row", () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 1000 }), fc.boolean());
    fc.assert(
      fc.property(sizes, ([count, seed, stratified]) => {
        const rows = Uint32Array.from({ length: count }, (_, index) => index * 3);
        const strata = stratified ? Array.from({ length: count * 3 }, (_, index) => index % 5) : undefined;
        const { parts, rest } = cutRows(
          rows,
          [
            ["test", 0.3],
            ["tuning", 0.1],
          ],
          seed,
          strata,
        );
        const all = [...parts.get("test")!, ...parts.get("tuning")!, ...rest].sort((a, b) => a - b);
        expect(all).toEqual([...rows]);
      }),
    );
  });
});

describe("splitDigests", () => {
  it("follow the content of a split and nothing else", () => {
    const first = splitDigests(load({ ...base, splits: cut }, { "t.csv": table }), checksum);
    const same = splitDigests(
      load(
        { ...base, name: "other", inputs: [{ to: 0, from: ["a", "b"], scale: 2 }], splits: cut },
        { "t.csv": table },
      ),
      checksum,
    );
    expect(same).toEqual(first);
    const changed = splitDigests(
      load({ ...base, splits: cut }, { "t.csv": table.replace("99,198", "99,199") }),
      checksum,
    );
    const differing = Object.keys(first).filter(
      (split) => changed[split as "test"] !== first[split as "test"],
    );
    expect(differing).toHaveLength(1);
  });
});

describe("summarise", () => {
  it("describes a table", () => {
    const summary = summarise(load({ ...base, splits: cut }, { "t.csv": table }));
    expect(datasetSummarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
    expect(summary.items).toEqual({ train: 50, calibration: 20, tuning: 10, test: 20 });
    expect(summary.columns[1]).toEqual({ name: "b", kind: "number", range: { low: 0, high: 198 } });
    expect(summary.label).toMatchObject({
      kind: "class",
      classes: ["cat", "dog"],
      counts: { test: [5, 15] },
    });
    expect(summary.head[1]).toEqual(["1", "2", "dog"]);
    expect(summary.images).toEqual([]);
  });

  it("bins a label of many values", () => {
    const values = Array.from({ length: 41 }, (_, index) => index);
    const summary = summarise(
      load(
        {
          task: "regression",
          inputs: [{ to: 0, from: "v" }],
          label: { from: "v" },
          splits: { file: "t.csv", seed: 0, test: 0.5 },
        },
        { "t.csv": `v\n${values.join("\n")}\n` },
      ),
    );
    if (summary.label?.kind !== "value") throw new Error("no histogram");
    expect(summary.label.values).toBeUndefined();
    expect([summary.label.edges[0], summary.label.edges.at(-1)]).toEqual([0, 40]);
  });

  it("gives a label of few values a bin each and draws images", () => {
    const images = new Uint8Array(16 + 2 * 36).fill(128, 16);
    images.set([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 6, 0, 0, 0, 6]);
    const values = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 10, 30);
    const summary = summarise(
      load(
        {
          task: "regression",
          inputs: [{ to: 0, from: "images" }],
          label: { from: "values" },
          splits: { test: { images: "i", values: "v" } },
        },
        { i: images, v: values },
      ),
    );
    if (summary.label?.kind !== "value") throw new Error("no histogram");
    expect(summary.label.values).toEqual([10, 30]);
    expect(summary.label.edges).toEqual([0, 20, 40]);
    expect(summary.label.counts.test?.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(summary.images).toHaveLength(2);
    expect(summary.images[0]).toMatchObject({ width: 6, height: 6, channels: 1, split: "test", label: "10" });
    expect(atob(summary.images[0]!.pixels)).toBe("\x80".repeat(36));
  });
});

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { decodeModel } from "#engine/onnx/decode.ts";

const program = resolve(import.meta.dirname, "../parsimony");
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cli-train-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  return { status, stdout, stderr };
}

function json(...args: string[]) {
  const { status, stdout, stderr } = run(...args, "--json");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

/** Exit status 2, nothing on standard output, one line that says what is wrong. */
function expectFailure(message: RegExp, ...args: string[]) {
  const result = run(...args);
  expect(result).toMatchObject({ status: 2, stdout: "" });
  expect(result.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(result.stderr).toMatch(message);
}

/** Points in a square: whether they lie in a circle. No line tells the classes apart. */
function writeData(
  about: { label?: (inside: boolean) => number; splits?: string; items?: number } = {},
): void {
  const { label = Number, splits = "", items = 600 } = about;
  const random = randomStream(3);
  const rows = Array.from({ length: items }, () => {
    const [a, b] = [2 * random.uniform() - 1, 2 * random.uniform() - 1];
    return `${a.toFixed(4)},${b.toFixed(4)},${label(a * a + b * b < 0.6)}`;
  });
  writeFileSync(join(root, "points.csv"), ["a,b,label", ...rows].join("\n"));
  const manifest = [
    "name: circle",
    "task: classification",
    `splits: ${splits || "{file: points.csv, seed: 1, tuning: 0.2, test: 0.2}"}`,
    "inputs: [{to: 0, from: [a, b], dtype: float32}]",
    "label: {from: label}",
  ];
  writeFileSync(join(root, "dataset.yaml"), manifest.join("\n"));
}

function writeRecipe(options = "epochs: 40, batch_size: 16, learning_rate: 0.01"): void {
  writeFileSync(join(root, "recipe.yaml"), `name: r\nsteps:\n  - {use: train.finetune, ${options}}\n`);
}

const create = (...more: string[]) =>
  json("create", "mlp", "--input", "2", "--hidden", "24,12", "--outputs", "2", "--out", "m.onnx", ...more);
const compress = [
  "compress",
  "m.onnx",
  "--recipe",
  "recipe.yaml",
  "--data",
  ".",
  "--out",
  "o.onnx",
  "--no-sizes",
];

describe("create", () => {
  it("builds a network that follows from architecture and seed", () => {
    const made = create("--seed", "7");
    expect(made).toMatchObject({
      architecture: { kind: "mlp", input: [2], hidden: [24, 12], outputs: 2 },
      seed: 7,
      model: { parameters: 2 * 24 + 24 + 24 * 12 + 12 + 12 * 2 + 2 },
      inputs: [{ name: "input", dtype: "float32" }],
    });
    const first = readFileSync(join(root, "m.onnx"));
    expect(create("--seed", "7").model).toEqual(made.model);
    expect(readFileSync(join(root, "m.onnx"))).toEqual(first);
    expect(create("--seed", "8").model.sha256).not.toBe(made.model.sha256);
  });

  it("takes a file, whose options can be changed", () => {
    writeFileSync(join(root, "net.yaml"), "kind: lstm\nvocabulary: 50\nlength: 6\noutputs: 3\nhidden: 16\n");
    const { architecture } = json("create", "net.yaml", "--out", "n.onnx", "--hidden", "8");
    expect(architecture).toEqual({
      kind: "lstm",
      vocabulary: 50,
      length: 6,
      outputs: 3,
      width: 64,
      hidden: 8,
    });
  });

  it("lists what there is", () => {
    const { status, stdout } = run("create", "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}mlp +--input N,… \[--hidden N,…\] --outputs N$/m);
    expect(stdout).toMatch(/^ {2}lstm .*\[--hidden N\]$/m);
  });

  it.each<[RegExp, string[]]>([
    [/needs an ARCHITECTURE/, []],
    [/"net" is neither one of the architectures mlp, .* nor a file/, ["net", "--out", "x.onnx"]],
    [/no such file.*absent\.yaml/, ["absent.yaml", "--out", "x.onnx"]],
    [/mlp needs --outputs/, ["mlp", "--input", "2", "--out", "x.onnx"]],
    [/needs --out:/, ["mlp", "--input", "2", "--outputs", "2"]],
    [
      /mlp has no option --heads/,
      ["mlp", "--input", "2", "--outputs", "2", "--heads", "2", "--out", "x.onnx"],
    ],
    [/--input takes numbers/, ["mlp", "--input", "two", "--outputs", "2", "--out", "x.onnx"]],
    [/--outputs takes one number/, ["mlp", "--input", "2", "--outputs", "2,3", "--out", "x.onnx"]],
    [/outputs: /, ["mlp", "--input", "2", "--outputs", "0", "--out", "x.onnx"]],
    [/--seed takes/, ["mlp", "--input", "2", "--outputs", "2", "--seed", "x", "--out", "x.onnx"]],
    [/16 × 16/, ["lenet-5", "--input", "1,8,8", "--outputs", "2", "--out", "x.onnx"]],
    [/folder for --out/, ["mlp", "--input", "2", "--outputs", "2", "--out", "no/x.onnx"]],
  ])("says what is wrong: %s", (message, args) => {
    expectFailure(message, "create", ...args);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe("from nothing to a network that was measured", () => {
  it("is create, compress with a recipe that trains, and evaluate", () => {
    writeData();
    writeRecipe();
    create();
    const report = json(...compress);
    expect(report.outcome).toBe("compressed");
    const [{ history, changed }] = report.steps;
    expect(history).toHaveLength(40);
    expect(history[0]).toEqual({
      epoch: 1,
      loss: expect.any(Number),
      tuning: { loss: expect.any(Number), accuracy: expect.any(Number) },
    });
    expect(history[39].loss).toBeLessThan(0.6 * history[0].loss);
    expect(changed[0].what).toMatch(/weights trained on 360 items for 40 epochs/);
    const top1 = (model: string) => {
      const { measurements } = json("evaluate", model, "--data", ".");
      return measurements.find(({ name }: { name: string }) => name === "quality/top1").value;
    };
    expect(top1("o.onnx")).toBeGreaterThan(0.9);
    expect(top1("m.onnx")).toBeLessThan(0.75);
    const { stdout, stderr } = run(...compress);
    expect(stdout).toMatch(/^training\n.*weights trained on 360 items for 40 epochs/m);
    expect(stderr).toBe("");
  });

  it("says that a teacher is not used where nothing learns from one", () => {
    writeData();
    writeRecipe("epochs: 1");
    create();
    const { warnings } = json(...compress, "--teacher", "m.onnx");
    expect(warnings).toContain("--teacher is not used: no step of this recipe learns from another model");
  });

  it("leaves the model as it is where everything is frozen, with the reason", () => {
    writeData();
    create();
    const { graph } = decodeModel(new Uint8Array(readFileSync(join(root, "m.onnx"))));
    const names = graph.initializer.map(({ name }) => name);
    writeRecipe(`freeze: [${names.join(", ")}]`);
    const { outcome, steps } = json(...compress);
    expect(outcome).toBe("not-applicable");
    expect(steps[0].skipped[0].reason).toContain("it has no weights that are not frozen");
    expect(readFileSync(join(root, "o.onnx"))).toEqual(readFileSync(join(root, "m.onnx")));
  });
});

describe("a training that cannot be", () => {
  beforeEach(() => {
    create();
    writeRecipe("epochs: 3");
  });
  const left = () =>
    readdirSync(root).filter(
      (name) => !["m.onnx", "recipe.yaml", "dataset.yaml", "points.csv"].includes(name),
    );

  it("names a label that is none of the classes", () => {
    writeData({ label: (inside) => (inside ? 5 : 0) });
    expectFailure(
      /The label of item \d+ \(and of \d+ more\) is not one of the 2 classes.*m\.onnx/,
      ...compress,
    );
    expect(left()).toEqual([]);
  });

  it("names step and weight where the loss is no number any more", () => {
    writeData();
    writeFileSync(
      join(root, "points.csv"),
      readFileSync(join(root, "points.csv"), "utf8").replaceAll(/^0\.1\d+/gm, "3e38"),
    );
    expectFailure(/became \S+ at step \d+; the .*weight with .* gradient is ".*"/, ...compress);
    expect(left()).toEqual([]);
  });

  it("says which batch would fit where the memory does not suffice", () => {
    writeData({ items: 100_000 });
    writeRecipe("batch_size: 60000");
    // Each value of the wide layer takes 16 GB of such a batch.
    json("create", "mlp", "--input", "2", "--hidden", "65536,2", "--outputs", "2", "--out", "m.onnx");
    expectFailure(
      /MB for a batch of 60,000, and [\d,]+ MB are available; a batch of [\d,]+ would fit/,
      ...compress,
    );
    expect(left()).toEqual([]);
  });

  it("says that the train split has no items", () => {
    writeData({ splits: "{test: points.csv}" });
    expectFailure(/"circle" has no items in its train split/, ...compress);
  });
});

describe.skipIf(process.platform !== "linux")("Ctrl-C", () => {
  it("ends a training at once and leaves nothing", { timeout: 60_000 }, async () => {
    writeData();
    writeRecipe("epochs: 10000");
    create();
    const before = readdirSync(root).sort();
    // A group of its own, as a terminal makes one: the signal goes to all of it.
    const shell = spawn(program, compress, { cwd: root, detached: true, stdio: "ignore" });
    await expect.poll(() => trainingSeconds(shell), { timeout: 30_000, interval: 100 }).toBeGreaterThan(2);
    const ended = new Promise<number | null>((done) => shell.once("exit", (code) => done(code)));
    const asked = performance.now();
    process.kill(-(shell.pid ?? 0), "SIGINT");
    expect(await ended).toBe(130);
    await expect.poll(() => group(shell.pid ?? 0), { timeout: 5_000 }).toEqual([]);
    expect(performance.now() - asked).toBeLessThan(3_000);
    expect(readdirSync(root).sort()).toEqual(before);
  });
});

/** Fields of /proc/PID/stat behind the name: the third is the group. */
const statOf = (pid: string) =>
  readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");

/** Living processes of a group. */
function group(id: number): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const [state, , of] = /^\d+$/.test(pid) ? statOf(pid) : [];
      return of === String(id) && state !== "Z";
    } catch {
      return false;
    }
  });
}

/** CPU seconds of the busiest process of a command. */
function trainingSeconds({ pid = 0 }: ChildProcess): number {
  return Math.max(0, ...group(pid).map((one) => (Number(statOf(one)[11]) + Number(statOf(one)[12])) / 100));
}

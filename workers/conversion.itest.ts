import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { denseFiles } from "#engine/formats/testing/dense-files.ts";
import { testDatabase } from "#server/testing/database.ts";
import { uploaded } from "#server/testing/uploads.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { classes, features } from "./testing/models.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/process.ts";

const tensorFlowJsFiles = () => denseFiles(features, classes);
const database = testDatabase();
let bench: Bench;
let own: WorkerProcess;
let at: { org: string; project: string };

beforeAll(async () => {
  bench = await openBench(database);
  at = { org: bench.org.slug, project: bench.org.projectSlug };
  own = await startWorkerProcess({ url: database.url, home: bench.home, slots: 1 });
}, 120_000);
afterAll(async () => {
  await own.end("SIGKILL");
  bench.close();
});

async function registered(files: Readonly<Record<string, Uint8Array>>, name: string) {
  const sent: string[] = [];
  for (const [file, bytes] of Object.entries(files))
    sent.push((await uploaded(bench.person.session, bench.org, bytes, file)).uploadId);
  const [uploadId = "", ...beside] = sent;
  const made = await bench.person.api.model.register({ ...at, uploadId, beside, name });
  return { made, end: await bench.checked("model", made.versionId) };
}

describe("a model of TensorFlow.js", { timeout: 300_000 }, () => {
  it("is registered as ONNX that computes the same, and a run makes it smaller", async () => {
    const { made, end } = await registered(tensorFlowJsFiles(), "Points");
    expect(end, own.said()).toBe("ready");
    const version = await bench.person.api.model.version({ ...at, model: made.slug, number: 1 });
    expect(version).toMatchObject({
      fileName: "model.onnx",
      parameters: 16 * 32 + 32 + 32 * 4 + 4,
      isConverted: true,
      conversion: {
        format: "tensorflow-js",
        operators: { Dense: 2 },
        parity: { inputs: 16, agrees: true, reference: expect.stringMatching(/^TensorFlow\.js 4\./) },
      },
    });
    const dataset = await bench.addDataset();
    expect(await bench.checked("dataset", dataset), own.said()).toBe("ready");
    const { runIds } = await bench.launch({ model: made.versionId, dataset, recipes: ["int8-dynamic"] });
    const states = await Promise.all(runIds.map((id) => bench.ended(id)));
    expect(states, own.said()).toEqual(["succeeded", "succeeded"]);
  });

  it("without one of its files is refused, and says which", async () => {
    const { "model.json": description = new Uint8Array() } = tensorFlowJsFiles();
    const { end } = await registered({ "model.json": description }, "Half");
    expect(end).toMatchObject({ message: expect.stringMatching(/group1-shard1of1\.bin/) });
    expect(await database.db.model.count({ where: { name: "Half" } })).toBe(0);
  });

  it("with a file too short is refused, and says where", async () => {
    const files = tensorFlowJsFiles();
    const weights = files["group1-shard1of1.bin"]?.subarray(0, 1_000) ?? new Uint8Array();
    const { end } = await registered({ ...files, "group1-shard1of1.bin": weights }, "Short");
    expect(end).toMatchObject({ place: expect.stringMatching(/hidden\/kernel|shard/) });
  });

  it("with a layer that nobody knows is refused by its name", async () => {
    const files = tensorFlowJsFiles();
    const text = new TextDecoder().decode(files["model.json"]).replace('"Dense"', '"Capsule"');
    const { end } = await registered({ ...files, "model.json": new TextEncoder().encode(text) }, "Odd");
    expect(end).toMatchObject({ code: "unsupported", message: expect.stringMatching(/Capsule/) });
  });
});

it("what is a pickle is refused with the way to go", async () => {
  const { end } = await registered({ "model.pt": Uint8Array.of(0x80, 2, 0x7d, 0x71, 0) }, "Pickle");
  expect(end).toMatchObject({ code: "not-a-model", message: expect.stringMatching(/torch\.onnx\.export/) });
});

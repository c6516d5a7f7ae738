import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { denseFiles } from "#engine/formats/testing/dense-files.ts";
import { demo } from "../fixtures/demo.ts";
import { accessibilityViolations, expect, signIn, test } from "../fixtures/test.ts";
import { launch, newProject, registerDataset, registerModel } from "../pages/project.ts";

const lite = resolve(import.meta.dirname, "../../../shared/data/tflite/mlperf-tiny/resnet8_int8.tflite");

/** Items whose class is the largest of their features. */
function items(count: number): string {
  const rows = Array.from({ length: count }, (_, item) => {
    const label = item % 3;
    const values = [0, 1, 2, 3].map((at) => (at === label ? 1 : ((item * 7 + at * 3) % 10) / 20));
    return [...values, label].join(",");
  });
  return ["a,b,c,d,label", ...rows].join("\n");
}

test("models of other formats: from their files to a smaller model, with the proof that they compute the same", async ({
  page,
}, info) => {
  test.setTimeout(480_000);
  await signIn(page, demo("engineer"));
  await page.goto("/o/demo-institute");
  const base = await newProject(page, `Formats ${info.workerIndex} ${Date.now().toString(36)}`);
  const files = Object.entries(denseFiles(4, 3)).map(([name, bytes]) => {
    const path = info.outputPath(name);
    writeFileSync(path, bytes);
    return path;
  });
  const [description = "", weights = ""] = files;

  // Half of a model is refused, and the page says which file is missing.
  await page.goto(`${base}/models/-/new`);
  await page.locator("input[type=file]").setInputFiles(description);
  await page.getByLabel("Name", { exact: true }).fill("half");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await expect(page.getByText(/group1-shard1of1\.bin/).first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Choose other files" }).click();

  await registerModel(page, base, [description, weights], "points");
  const panel = page.getByRole("region", { name: "Converted from TensorFlow.js" });
  await expect(panel.getByText(/on the same 16 inputs/)).toBeVisible();
  await expect(panel.getByRole("rowheader", { name: "Dense" })).toBeVisible();
  await expect(panel.getByRole("link", { name: "model.json" })).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);

  const data = ["train", "test"].map((name, at) => {
    const path = info.outputPath(`${name}.csv`);
    writeFileSync(path, items(300 + at));
    return path;
  });
  await registerDataset(page, base, data, "largest");
  await launch(page, base, { model: "points", dataset: "largest", recipes: ["float16"] });
  const table = page.getByRole("region", { name: "Table of runs" });
  await expect(table.getByText("done")).toHaveCount(2, { timeout: 300_000 });
});

test("a TensorFlow Lite model of others becomes one that ONNX Runtime fuses to integers", async ({
  page,
}, info) => {
  test.skip(!existsSync(lite), "the shared test data is not beside the checkout");
  test.setTimeout(240_000);
  await signIn(page, demo("engineer"));
  await page.goto("/o/demo-institute");
  const base = await newProject(page, `Lite ${info.workerIndex} ${Date.now().toString(36)}`);
  await registerModel(page, base, [lite], "resnet8");
  const panel = page.getByRole("region", { name: "Converted from TensorFlow Lite" });
  await expect(panel.getByText(/LiteRT/)).toBeVisible();
  await expect(panel.getByRole("rowheader", { name: /CONV_2D/ }).first()).toBeVisible();
  await expect(page.getByText("static-qdq").or(page.getByText(/QDQ/)).first()).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
});

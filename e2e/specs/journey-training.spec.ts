import { writeFileSync } from "node:fs";
import { demo } from "../fixtures/demo.ts";
import { accessibilityViolations, expect, signIn, test } from "../fixtures/test.ts";
import { newProject, registerDataset } from "../pages/project.ts";
import { addStep } from "../pages/recipe.ts";

/** Points around three centres in four dimensions, far enough apart to be told from each other most of the time. */
function points(items: number, from: number): string {
  const centres = [
    [1, 0, 0, 1],
    [0, 1, 1, 0],
    [1, 1, 0, 0],
  ];
  const rows = Array.from({ length: items }, (_, item) => {
    const label = item % centres.length;
    // Deviations without a pattern that a model could learn: digits of multiples of the golden ratio.
    const values = (centres[label] ?? []).map((centre, axis) => {
      const part = ((from + item * 4 + axis + 1) * 0.618_033_988_75) % 1;
      return (centre + 1.2 * (part - 0.5)).toFixed(3);
    });
    return [...values, label].join(",");
  });
  return ["a,b,c,d,label", ...rows].join("\n");
}

test("a training: a model from the catalogue, a recipe that trains it, its curve while it goes, and what came of it", async ({
  page,
}, info) => {
  test.setTimeout(720_000);
  await signIn(page, demo("engineer"));
  await page.goto("/o/demo-institute");
  const base = await newProject(page, `Training ${info.workerIndex} ${Date.now().toString(36)}`);

  // What an architecture makes is seen before it is built, and what cannot be built is said.
  await page.goto(`${base}/models/-/new`);
  await page.getByText("Start from an architecture", { exact: true }).click();
  const build = page.getByRole("button", { name: "Build and register" });
  await page.getByLabel("Input size").fill("4");
  await page.getByLabel("Outputs", { exact: true }).fill("3");
  await page.getByLabel("Hidden layers").fill("60000, 60000");
  await expect(page.getByText(/^This architecture has 3,600,\d{3},\d{3} parameters/)).toBeVisible();
  await expect(build).toBeDisabled();
  await page.getByLabel("Hidden layers").fill("32, 16");
  const preview = page.getByRole("region", { name: "What it will be" });
  await expect(preview.getByText("739", { exact: true })).toBeVisible();
  await expect(preview.getByText("input: float32 batch × 4")).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
  await build.click();
  await page.waitForURL(/\/models\/perceptron\/1$/);
  await expect(page.getByText("This model has not been trained")).toBeVisible();

  const files = [
    { name: "train.csv", items: 6_000 },
    { name: "tuning.csv", items: 300 },
    { name: "test.csv", items: 300 },
  ].map(({ name, items }, at) => {
    const path = info.outputPath(name);
    writeFileSync(path, points(items, 100_000 * at));
    return path;
  });
  await registerDataset(page, base, files, "points");
  await expect(page.getByText("6,000").first()).toBeVisible();

  // The model leads to a recipe that trains it, and the recipe back to the launch.
  await page.goto(`${base}/recipes/-/new?launch=true&model=perceptron:1&dataset=points:1`);
  await addStep(page, "train.finetune");
  await expect(page.getByText("needs training data")).toBeVisible();
  const more = page.getByRole("button", { name: /^More options/ });
  await expect(page.getByLabel("Momentum", { exact: true })).toBeHidden();
  await more.click();
  await expect(page.getByLabel("Momentum", { exact: true })).toBeVisible();
  await page.getByLabel("Epochs", { exact: true }).fill("40");
  await page.getByLabel("Batch size", { exact: true }).fill("32");
  await page.getByLabel("Name", { exact: true }).fill("Train it");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/\/experiments\/new/);
  await expect(page.getByRole("checkbox", { name: /^Train it/ })).toBeChecked();
  await page.getByRole("button", { name: "Launch 1 run" }).click();
  await page.waitForURL(/\/experiments\/1$/);
  await page.getByRole("region", { name: "Table of runs" }).getByText("Train it").click();
  await page.getByRole("link", { name: "Open", exact: true }).click();
  await page.waitForURL(/\/runs\//);

  // The curve comes by itself: nothing is loaded anew. On a fresh system the runs of the demo are first; where they are
  // done, the training may have begun before the page is open.
  const curves = page.getByRole("region", { name: "Learning curves" });
  const curve = curves.getByRole("img", { name: /^Fine-tuning: training loss over/ });
  await expect(curves.getByText("Waiting for the first batch.").or(curve)).toBeVisible();
  await expect(curve).toBeVisible({ timeout: 600_000 });
  await expect(curves.getByText(/^The weights of epoch \d+ are kept/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText("done", { exact: true }).first()).toBeVisible({ timeout: 120_000 });
  const slider = curves.getByRole("slider", { name: "Read at a batch" });
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(slider).toHaveAttribute("aria-valuetext", /^Batch 1, epoch 1 · Training loss/);
  expect(await accessibilityViolations(page)).toEqual([]);
  await curves.getByRole("button", { name: "As table" }).click();
  await expect(curves.getByRole("row")).toHaveCount(41);
  await expect(curves.getByRole("row", { name: /kept/ })).toHaveCount(1);

  // Chance before, and far better afterwards.
  const accuracy = page.getByRole("row", { name: /^Top-1 accuracy on test/ });
  await expect(accuracy).toContainText("better");
  await curves.getByRole("link", { name: "How training steps work" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("How training steps work");
});
